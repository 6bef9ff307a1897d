#define _GNU_SOURCE
#include "CEpoll.h"
#include <sys/prctl.h>
#include <time.h>

void CEpoll_name_thread(const char *name) { prctl(PR_SET_NAME, name); }

int CEpoll_wait_readable(int descriptor, long nanoseconds) {
  struct pollfd watched = {.fd = descriptor, .events = POLLIN};
  struct timespec time = {.tv_sec = nanoseconds / 1000000000, .tv_nsec = nanoseconds % 1000000000};
  return ppoll(&watched, 1, &time, NULL);
}
