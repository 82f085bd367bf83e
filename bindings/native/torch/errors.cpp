#include "shim.h"

namespace {
thread_local std::string last_error;
}

namespace tclr {
void set_error(const char* message) { last_error = message == nullptr ? "" : message; }
}  // namespace tclr

// The message of this thread's last failure; valid until its next one.
TCLR_EXPORT const char* tclr_last_error() { return last_error.c_str(); }
