// What rules ask again and again: a record that is still good, who is behind an id, the posts of
// every enterprise, who oversees a place.
#pragma once

#include "graph/regulators.hpp"
#include "graph/rules.hpp"

#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace safetyrisk::graph {

/// Whether one of those records is of that action, not later than the day asked, and by its
/// `valid_to` still good on it; a record without `valid_to` has no end.
bool has_valid_record(const RuleRun& run, std::span<const std::uint32_t> rows,
                      std::uint16_t action);

/// The last day, before the day asked, on which such a record was still good; nothing without one.
std::optional<Date> last_good_day(const RuleRun& run, std::span<const std::uint32_t> rows,
                                  std::uint16_t action);

/// The last day, not after the day asked, of a record of that action; nothing without one.
std::optional<Date> last_record(const RuleRun& run, std::span<const std::uint32_t> rows,
                                std::uint16_t action);

/// Whether a row that cannot be read may be a record of that action which lies on or after a day
/// and not after the day asked: its action, its day or its end is not clear. Nobody is blamed for
/// the lack of a record while there is such a row.
bool may_have_record(const RuleRun& run, std::span<const std::uint32_t> rows, std::uint16_t action,
                     std::optional<Date> from = std::nullopt);

/// Whether a day of a fact lies after the day asked and after the data date: a slip of the pen or a
/// plan, but nothing that is known.
bool ahead(const RuleRun& run, Date day);

/// A parameter that is one word.
std::string text_parameter(const RuleRun& run, std::string_view name);

/// The node that a cell names by its id, if it is there on the day; else `none`.
NodeNo node_of(const View& view, const Value& value);

/// Whether one of the sectors of a node, or one above it, has a flag.
template <class Flag>
bool any_sector(const RuleContext& c, NodeNo v, Flag&& flag) {
    const auto& all = c.s.sectors.all;
    for (std::uint32_t sector : c.s.sectors.sets[c.view.node_sectors(v)])
        for (std::size_t step = 0; sector != none && step < all.size(); ++step) {
            if (flag(all[sector])) return true;
            sector = all[sector].parent;
        }
    return false;
}

/// Whether an enterprise is of high risk: one of its sectors is of the law's list, which its own
/// 否 cannot undo, or its own `high_risk` says so.
class HighRisk {
public:
    explicit HighRisk(const RuleContext& context);
    bool at(NodeNo enterprise) const;
    /// Nothing where neither its sectors nor its own word are known.
    std::optional<bool> known(NodeNo enterprise) const;

private:
    const RuleContext& c_;
    Store::Attribute own_;
    std::vector<std::uint8_t> sets_;  // of sectors: whether one is of high risk
};

/// A column of yes and no of enterprises. Where only 是 stands in it, it is a list of marks and an
/// empty cell means no; where 否 stands as well, an empty cell says nothing.
class Marks {
public:
    Marks(const RuleContext& context, std::string_view column);
    std::optional<bool> at(NodeNo enterprise) const;
    /// What keeps it from being known.
    Reason why(NodeNo enterprise) const;

private:
    const RuleContext& c_;
    Store::Attribute cells_;
    bool denied_ = false;
};

/// The posts of every unit of a kind, by unit and post.
class UnitPosts {
public:
    UnitPosts(const RuleContext& context, KindNo unit_kind);
    std::span<const NodeNo> at(NodeNo unit) const;
    /// Units that have a post, in id order.
    const std::vector<NodeNo>& units() const { return units_; }

private:
    std::vector<NodeNo> units_, posts_;
    std::vector<std::size_t> starts_;
};

/// The unit a node acts for: a post's unit, a person's units by the posts held, else itself.
std::vector<NodeNo> acting_for(const RuleContext& context, NodeNo v);

/// Whether a body is a regulator at a place or of an enterprise there: an edge REGULATES or
/// COMPREHENSIVE to the enterprise, the place or one above, whatever the sector.
bool oversees(const RuleContext& context, NodeNo body, NodeNo enterprise, std::uint32_t place);

/// Links as words of a sentence.
std::string link_words(const RuleRun& run, std::uint64_t links);
/// A word that differs by language.
std::string either(std::string_view zh, std::string_view en);
/// Words one after the other, as a list.
std::string listed(std::span<const std::string> words);

}  // namespace safetyrisk::graph
