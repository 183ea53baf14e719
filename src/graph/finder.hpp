// Finds who answers for a node: the patterns of the pack `capacities`, walked over a view.
//
// Paths are kept as a tree of steps: a step knows the one before it, so that a thousand paths that
// begin alike share their beginnings, and nothing is written out before somebody reads it.
#pragma once

#include <safetyrisk/graph/who.hpp>

#include "scenes.hpp"
#include "store.hpp"

#include <array>
#include <bitset>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace safetyrisk::graph {

/// What a pack `capacities` says, tied to the kinds of a graph.
struct Capacities {
    enum class Start : std::uint8_t { self, enterprise, territory, places, answers };
    enum class Repeat : std::uint8_t { once, optional, star, plus };
    enum class BySector : std::uint8_t { no, named, named_or_open, scope };

    struct Filter {
        bool any = true;
        std::bitset<256> nodes, posts;
        std::uint8_t level = no_level;
        bool passes(const View& view, NodeNo v) const {
            if (any) return true;
            if (level != no_level && view.level(v) != level) return false;
            if (nodes.test(view.node_kind(v))) return true;
            const KindNo post = view.post_kind(v);
            return post != no_kind && posts.test(post);
        }
    };
    struct Step {
        KindNo edge = no_kind;
        bool against = false;
        Repeat repeat = Repeat::once;
        BySector sector = BySector::no;
        bool takes = false;  // answers are taken here
        Filter taken, onward;
        std::string text;
    };
    struct Pattern {
        std::string text;
        Start start = Start::self;
        std::vector<std::size_t> from;  // capacities whose answers are the start
        std::vector<Step> steps;
        std::bitset<256> subjects;  // kinds of nodes it is for
    };
    struct Mandatory {
        bool given = false, held = false, by_sector = false;
        std::string rule;
        std::bitset<256> subjects;
    };
    struct Capacity {
        std::string id, zh, en, basis;
        std::vector<Pattern> patterns;
        std::vector<std::size_t> without;
        Mandatory mandatory;
        std::uint8_t part = 0;  // capacities that depend on each other
    };
    struct Summary {
        std::string zh, en;
        std::vector<std::size_t> capacities;
    };

    std::vector<Capacity> all;
    std::vector<std::size_t> order;  // in which answers are printed
    std::vector<Summary> summary;
    std::bitset<256> subjects;
    std::uint8_t parts = 0;

    Capacities(const Pack& pack, const Kinds& kinds);
    /// The same object for the same pack and kinds while somebody holds it.
    static std::shared_ptr<const Capacities> of(std::shared_ptr<const Pack> pack,
                                                std::shared_ptr<const Kinds> kinds);
};

/// Why a step went no further.
enum class Broken : std::uint8_t {
    no_edge,
    expired,
    not_yet,
    unit_dissolved,
    unit_not_yet,
    vacant,
    other_sectors,
    other_links,
    other_kind,
    other_region,
    other_scene,
    removed,
    no_place,
    no_sectors,
    place_dissolved,
    no_start,
    circle,
};
std::string_view to_string(Broken why);

struct Who::Data {
    struct Step {
        std::uint32_t parent = none;
        EdgeNo edge = none;  // none: the start, or LOCATED_IN when it has a parent
        NodeNo node = none;
        std::uint32_t depth = 0;
        std::uint64_t kinds = 0;  // of the nodes on the path, modulo 64
        Sureness sureness = Sureness::stated;
        bool against = false;
    };
    struct Row {
        std::uint8_t capacity = 0;
        std::uint32_t step = 0;
    };
    struct Gap {
        std::uint8_t capacity = 0;
        std::uint8_t pattern = 0, step = 0;
        Broken why = Broken::no_edge;
        std::uint32_t sector = none;
        std::uint32_t link = none;
        NodeNo at = none;
        EdgeNo edge = none;   // the edge that would have led on
        NodeNo other = none;  // the unit that is gone, its region, its post
        NodeNo successor = none;
        std::int32_t date = always_from;
        std::uint32_t count = 0;  // edges like that one
    };
    std::shared_ptr<const Capacities> capacities;
    NodeNo node = none;
    std::int32_t on = 0;
    std::vector<Step> steps;
    std::vector<Row> rows;  // in the order of the answer
    std::vector<Gap> gaps;
    bool truncated = false;
};

/// What is asked, with everything by number.
struct Question {
    NodeNo node = none;
    std::vector<std::uint16_t> sectors;  // empty with any_sector: all
    bool any_sector = false;
    std::uint64_t links = 0;  // 0: not restricted
    std::string_view scene;
    std::size_t limit = 100'000;
    std::uint32_t parts = ~0U;  // bits of the parts that are asked
    NodeNo anchor = none;       // places begin here instead of at the node's own
    Sureness anchor_sureness = Sureness::stated;
};

/// Reads the options of a call once for many nodes.
class Asked {
public:
    Asked(const Store& store, const WhoOptions& options);
    /// The question of a node; throws InputError for a kind that nobody answers for.
    Question of(const View& view, NodeNo node) const;
    std::shared_ptr<const Capacities> capacities;

private:
    const Store& s_;
    std::string scene_;
    std::vector<std::uint16_t> sectors_;
    bool sectors_given_ = false;
    std::uint64_t link_ = 0;
    std::size_t limit_;
};

/// Sectors and links of a node: its own, else those of its enterprise.
SetNo sectors_of(const View& view, NodeNo node);
std::uint64_t links_of(const View& view, NodeNo node);
/// The enterprise a node belongs to by column, itself for an enterprise; `none` without.
NodeNo enterprise_of(const View& view, NodeNo node);

class Finder {
public:
    Finder(const View& view, std::shared_ptr<const Capacities> capacities);

    /// The answer; it is overwritten by the next question.
    const Who::Data& ask(const Question& question);

    const View& view() const { return view_; }

private:
    using Data = Who::Data;
    using Pattern = Capacities::Pattern;
    using PatternStep = Capacities::Step;
    struct Item {
        std::uint32_t step;
        std::uint16_t at;
        bool inside;
    };

    std::uint32_t push(std::uint32_t parent, EdgeNo edge, NodeNo node, bool against);
    bool on_path(std::uint32_t step, NodeNo node);
    bool meets(const PatternStep& p, EdgeNo edge, NodeNo next, Broken& why) const;
    bool covers(SetNo set) const;
    void find_places();
    void find_enterprises();
    void find_territory();
    const std::vector<std::uint32_t>& start_of(const Pattern& pattern, std::size_t capacity);
    void run(std::size_t capacity, const Pattern& pattern);
    template <class F>
    void edges(const PatternStep& p, NodeNo node, F&& f) const;
    template <class F>
    void all_edges(const PatternStep& p, NodeNo node, F&& f) const;
    void sort_rows(std::size_t capacity);
    int compare(std::uint32_t a, std::uint32_t b) const;
    void find_gaps(std::size_t capacity);
    void trace(std::size_t capacity, std::uint32_t sector, std::uint32_t link);
    void diagnose(Data::Gap gap, const PatternStep& p, NodeNo node, bool in_place);
    void vacancy(std::size_t capacity, Data::Gap gap);
    bool full() const {
        return rows_ > question_.limit || data_.steps.size() > 32 * question_.limit + 4096;
    }

    const View& view_;
    const Known& k_;
    std::shared_ptr<const Capacities> capacities_;
    Question question_;
    Data data_;
    std::size_t rows_ = 0;
    std::vector<std::vector<std::uint32_t>> taken_;  // by capacity: steps
    std::vector<std::uint32_t> self_, enterprises_, territory_, places_, starts_;
    std::vector<Item> stack_;
    std::vector<std::uint32_t> path_a_, path_b_;
    // The path to the step that was asked of last, by depth; used where paths are long.
    std::vector<std::uint32_t> spine_;
    std::unordered_set<NodeNo> spine_nodes_;
    bool places_found_ = false, enterprises_found_ = false, territory_found_ = false;
    std::optional<Scenes> scenes_;
};

/// A gap in words. `factored`: the answer is shared, and the node asked about is not named.
Missing make_missing(const View& view, const Who::Data& data, const Who::Data::Gap& gap, Lang lang,
                     bool factored = false);

/// Whether a node is a post that nobody holds. Not where the tables do not say who holds posts, or
/// where a row that says so of this one could not be used.
bool vacant(const View& view, NodeNo node);

/// "（张三、李四）" or "（空缺）" behind the name of a post; empty where there is neither.
std::string holders_text(const std::vector<std::string>& holders, bool vacant, Lang lang);

/// The unit that took over from one that is gone, or `none`.
NodeNo successor_of(const View& view, NodeNo gone);

}  // namespace safetyrisk::graph
