// Packs: facts as data. A scale, a threshold, a table or a word list is a JSON document with an
// envelope that says what it is, where it comes from, when it holds and how sure we are.
//
// The registry of the library's own packs is built once and never changes; a pack of your own is
// loaded with Pack::parse and handed to whoever needs it. A pack that contradicts itself does not
// load. The hash is the SHA-256 of the canonical JSON (sorted keys, UTF-8, no spaces), so a result
// can name exactly the rules it was made by.
//
// Envelope:
// {"pack","kind","version","title":{"zh","en"},"source":[{"document","clause","edition"}],
// "region","valid_from","valid_to","confidence":"V2|V1|M|D","default":bool,"content":{…},"tests":[…]}.
//
// Threads: a Pack and builtin() are immutable; a registry of one's own is filled by one thread.
// Throws: InputError (a malformed pack, a clash), NotFoundError (an unknown name).
#pragma once

#include <safetyrisk/core/date.hpp>
#include <safetyrisk/core/grade.hpp>
#include <safetyrisk/core/source.hpp>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace safetyrisk {

struct Pack {
    std::string id;    ///< family.profile in ASCII, "lec.t1".
    std::string kind;  ///< "method", "direct_rules", "aliases", "palette", …
    std::string version;
    std::string title_zh;
    std::string title_en;
    std::vector<Source> sources;  ///< At least one.
    std::string region;           ///< Division code or empty (everywhere).
    std::optional<Date> valid_from;
    std::optional<Date> valid_to;  ///< Last valid day.
    Confidence confidence = Confidence::unconfirmed;
    bool is_default = false;  ///< The profile that the family's name alone means.
    std::string canonical;    ///< Canonical JSON of the whole pack.
    std::string sha256;       ///< Hash of `canonical`, 64 hexadecimal digits.

    /// Part of the id before the point.
    std::string_view family() const;
    /// Whether the pack holds on that day.
    bool valid_on(Date day) const;
    std::string_view title(Lang lang) const { return lang == Lang::zh ? title_zh : title_en; }

    /// Reads a pack; `where` (a file name, say) opens the message of the InputError that a
    /// malformed envelope raises, followed by the JSON path.
    static Pack parse(std::string_view json, std::string_view where = "pack");
};

/// A set of packs by id.
class PackRegistry {
public:
    /// The packs that ship with the library.
    static const PackRegistry& builtin();

    /// Adds a pack; throws InputError when its id is taken by different content or when it would be
    /// the second default of its family at one time.
    void add(Pack pack);

    /// All packs in id order.
    const std::vector<std::shared_ptr<const Pack>>& all() const { return packs_; }

    /// The pack a name means. A full id gives that pack; a family gives its default (of several
    /// editions the one without an end), or with `as_of` the profile marked default that is valid
    /// on that day. Packs that are not confirmed
    /// ([M]) are given only by full id. Throws NotFoundError for a name that is not there (with the
    /// near names) and InputError when no edition is valid on `as_of`.
    std::shared_ptr<const Pack> find(std::string_view name,
                                     std::optional<Date> as_of = std::nullopt) const;

private:
    std::vector<std::shared_ptr<const Pack>> packs_;
};

}  // namespace safetyrisk
