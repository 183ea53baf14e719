// The two errors that a wrong call raises.
//
// The library has two roads for what goes wrong. A wrong *call* (an unknown option,
// columns of different length, a pack that contradicts itself) throws one of the
// classes below, at once, with the place. Wrong *data* (a row that cannot be graded,
// a point outside every county) never throws: it becomes an Issue (core/issue.hpp)
// and the batch goes on.
//
// Threads: exceptions are copied between threads as the standard says.
// Throws: besides these the standard library's own: std::bad_alloc, std::system_error when a thread
// cannot be started, std::out_of_range where a header says so; and whatever a callback throws.
#pragma once

#include <stdexcept>
#include <string>

namespace safetyrisk {

/// Base of every exception the library throws on purpose.
class Error : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// The call is wrong: what, its value and the rule that it breaks are in the message.
/// In Python it is also a ValueError.
class InputError : public Error {
public:
    using Error::Error;
};

/// The thing asked for is not there: the key and where it was looked for are in the
/// message. In Python it is also a KeyError.
class NotFoundError : public Error {
public:
    using Error::Error;
};

/// The work was interrupted by the caller's interrupt check (Ctrl-C in Python).
class Interrupted : public Error {
public:
    Interrupted() : Error("interrupted") {}
};

}  // namespace safetyrisk
