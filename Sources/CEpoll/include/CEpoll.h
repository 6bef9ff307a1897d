// Linux calls that Swift's Glibc module leaves out.
#pragma once
#include <poll.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>

// Names the calling thread, for debuggers and `top -H`; at most 15 characters count.
void CEpoll_name_thread(const char *_Nonnull name);

// Waits until a descriptor can be read: 1 if so, 0 if not within that many nanoseconds, -1 on an error.
int CEpoll_wait_readable(int descriptor, long nanoseconds);
