// What a document that people write (a pack) gets wrong: the place and the sentence, in Chinese and
// in English.
//
// Threads: a plain exception.
// Throws: nothing.
#pragma once

#include <safetyrisk/core/error.hpp>

#include <string>
#include <utility>

namespace safetyrisk {

/// A document contradicts itself; what() is "path: sentence" in English.
class DocumentError : public InputError {
public:
    DocumentError(const std::string& path, std::string zh, const std::string& en)
        : InputError(path + ": " + en), path_(path), zh_(std::move(zh)), en_(en) {}

    /// Where in the document, "mine.one.content.steps[2].rows".
    const std::string& path() const { return path_; }
    /// The sentence in Chinese; empty where there is none.
    const std::string& zh() const { return zh_; }
    const std::string& en() const { return en_; }

private:
    std::string path_, zh_, en_;
};

}  // namespace safetyrisk
