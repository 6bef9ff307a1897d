// libsodium: argon2id and constant-time comparison.
#pragma once
#include <sodium.h>
