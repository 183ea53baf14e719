// Classifications by code: accident types and harm of GB 6441, and the way from one edition to the
// next.
//
// A pack of kind "classification" lists codes with their names; a pack of kind "classification_map"
// says which codes of a newer list an old one may have become. Such maps are not one-to-one:
// 车辆伤害 of 1986 is a vehicle of the site or of the road in 2025, and nobody but a reader of the
// report knows which. So a map gives all candidates, and a register is converted where there is one
// only.
//
// Threads: immutable; may be used from many threads.
// Throws: InputError, NotFoundError as noted.
#pragma once

#include <safetyrisk/core/column.hpp>
#include <safetyrisk/core/pack.hpp>
#include <safetyrisk/core/table.hpp>
#include <safetyrisk/scoring/method.hpp>

#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace safetyrisk::scoring {

/// One entry of a classification.
struct ClassItem {
    std::string code;  ///< "WSA10018".
    Words name;
    std::vector<std::string> also;  ///< Other ways to write it.
};

/// A list of codes, compiled from a pack of kind "classification".
class Classification {
public:
    /// Refuses, with the pack's id and JSON path (InputError), a pack whose codes or names are not
    /// unique, or whose self-tests do not hold.
    static std::shared_ptr<const Classification> compile(std::shared_ptr<const Pack> pack);

    /// One of the library's own, by full id or family; throws as PackRegistry::find does.
    static std::shared_ptr<const Classification> find(std::string_view name,
                                                      std::optional<Date> as_of = std::nullopt);

    /// All of the library's own, in id order.
    static const std::vector<std::shared_ptr<const Classification>>& all();

    const Pack& pack() const { return *pack_; }
    const std::string& id() const { return pack_->id; }
    const Words& name() const { return name_; }
    const std::vector<ClassItem>& items() const { return items_; }

    /// Index into items() of a code, a name in either language or another way to write it. Width,
    /// blanks and the case of ASCII letters do not matter.
    std::optional<std::size_t> index_of(std::string_view text) const;

    /// One row for each cell, in order: `text` (as given), `code`, `name`, `status` (`known`,
    /// `unknown`, `missing`). Whole numbers are read as their digits.
    Table read(const Column& texts, Lang lang = Lang::zh) const;

private:
    Classification() = default;

    std::shared_ptr<const Pack> pack_;
    Words name_;
    std::vector<ClassItem> items_;
    std::map<std::string, std::size_t, std::less<>> index_;
};

/// From the codes of one classification to those of another, compiled from a pack of kind
/// "classification_map".
class ClassificationMap {
public:
    /// Refuses (InputError) a pack that does not speak of these two, leaves out a code of `from`,
    /// names one that is not there, or whose self-tests do not hold.
    static std::shared_ptr<const ClassificationMap> compile(
        std::shared_ptr<const Pack> pack, std::shared_ptr<const Classification> from,
        std::shared_ptr<const Classification> to);

    /// The library's map between two of its classifications, by full id; throws NotFoundError when
    /// there is none.
    static std::shared_ptr<const ClassificationMap> find(std::string_view from,
                                                         std::string_view to);

    const Pack& pack() const { return *pack_; }
    const Classification& from() const { return *from_; }
    const Classification& to() const { return *to_; }

    /// Items of to() that an item of from() may be, in code order; at least one.
    const std::vector<std::size_t>& targets(std::size_t item) const { return targets_.at(item); }
    /// Items of from() that may have become an item of to(); may be none.
    std::vector<std::size_t> sources(std::size_t item) const;

    /// One row for each cell, in order: `text` (as given), `from` (code), `to` (code, null unless
    /// there is one only), `name` of it, `candidates` (codes separated by ";"), `status` (`one`,
    /// `several`, `unknown`, `missing`).
    Table read(const Column& texts, Lang lang = Lang::zh) const;

private:
    ClassificationMap() = default;

    std::shared_ptr<const Pack> pack_;
    std::shared_ptr<const Classification> from_, to_;
    std::vector<std::vector<std::size_t>> targets_;
};

}  // namespace safetyrisk::scoring
