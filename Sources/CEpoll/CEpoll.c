#include "CEpoll.h"
#include <sys/prctl.h>

void CEpoll_name_thread(const char *name) { prctl(PR_SET_NAME, name); }
