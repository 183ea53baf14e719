// What questions of one day share: nodes and edges by kind, the territory, who regulates, where
// enterprises are.
//
// Each part is made once, when somebody first asks for it. The parts of a graph without changes are
// kept with the graph for the days asked last (Days): they follow from its tables and the day
// alone, so that keeping them can change no answer, only how long it takes. A context of changes
// laid over a day (what_if) takes the parts of that day and makes anew what the changes touch.
//
// Threads: a context may be asked by several threads at the same time; so may Days.
#pragma once

#include "graph/enterprise_counts.hpp"
#include "graph/regulators.hpp"
#include "graph/sole_regulators.hpp"
#include "graph/store.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace safetyrisk::graph {

using Territory = Places;

class RuleContext {
public:
    /// `only`: the nodes that findings may be about, ascending, with a post, hazard or site also
    /// its unit; null for all. `day`: the context of the same store and day without changes, whose
    /// parts are shared; null makes all of them anew. The view must outlive this.
    explicit RuleContext(const View& v, const std::vector<NodeNo>* only = nullptr,
                         std::shared_ptr<const RuleContext> day = nullptr);

    const View& view;
    const Store& s;
    const Known& k;

    /// Nodes of a kind that are there on the day, in id order.
    const std::vector<NodeNo>& nodes(KindNo kind) const;
    /// The same, cut to those a finding may be about: named by the caller, and asked.
    const std::vector<NodeNo>& subjects(KindNo kind) const;
    bool is_subject(NodeNo v) const { return named(v) && asked(v); }
    /// Whether a node is among those the caller names, and whether he names all.
    bool named(NodeNo v) const;
    bool all_are_named() const { return only_ == nullptr; }
    /// Whether a node is one to ask: what lies in the jurisdiction, and what lies nowhere. Whoever
    /// checks a county neither answers for a village across its border nor blames it.
    bool asked(NodeNo v) const {
        const std::uint32_t place = place_no(v);
        return place == none || territory().asked(place);
    }
    /// Edges of a kind that hold on the day, in edge order, added ones last.
    const std::vector<EdgeNo>& edges(KindNo kind) const;

    const Territory& territory() const;
    /// Who regulates, and who hosts, which sector where.
    const Regulators& regulators() const;
    const Regulators& sector_hosts() const;
    /// Calls f(target, edges) for each subject that edges REGULATES enter, in id order.
    template <class F>
    void regulated(F&& f) const {
        const auto look = [&](NodeNo target, std::span<const EdgeNo> edges) {
            if (!edges.empty() && asked(target)) f(target, edges);
        };
        if (only_ == nullptr) {
            regulators().each_target(look);
            return;
        }
        for (const NodeNo target : *only_)
            look(target, regulators().at(target));
    }
    /// Where enterprises are, and how many of which sectors and colours.
    const Enterprises& enterprises() const;
    /// Edges by which units have enterprises to look after (REGULATES, TERRITORIAL, GRID_COVERS,
    /// PAIRED_WITH), unit by unit in id order, added ones of a unit last.
    struct Scopes {
        struct Unit {
            NodeNo node;
            std::uint32_t first, last;  ///< Of edges.
            /// Where it is one edge REGULATES to a place: that place, and the enterprises that it
            /// covers as they are counted there, by Grade.
            std::uint32_t place = none;
            std::array<std::uint32_t, 5> by{};
            std::uint32_t peers = 0;  ///< peers() of the node.
        };
        std::vector<EdgeNo> edges;
        std::vector<Unit> units;
        bool at_anchors = true;  ///< Whether enterprises are counted at each place they lead to.
    };
    const Scopes& scopes() const;
    /// The same of some of these edges, given unit by unit.
    Scopes scopes_of(std::vector<EdgeNo> edges) const;
    /// A number that nodes of one kind, kind of post and level share.
    std::uint32_t peers(NodeNo v) const {
        return std::uint32_t{view.node_kind(v)} | std::uint32_t{view.post_kind(v)} << 8U |
               std::uint32_t{view.level_of(v)} << 16U;
    }
    /// How many enterprises each department alone regulates.
    const SoleRegulators& sole_regulators() const;
    /// Calls f(source) for each subject that an edge of a kind leaves, in id order.
    template <class F>
    void sources(KindNo kind, F&& f) const {
        if (only_ != nullptr) {
            for (const NodeNo v : *only_)
                if (v < view.n() && view.first_out(v, kind) != none && asked(v)) f(v);
            return;
        }
        std::vector<NodeNo> found;
        for (const EdgeNo e : edges(kind))
            if (found.empty() || found.back() != view.source(e)) found.push_back(view.source(e));
        // Those of the store stand by source already, added ones behind them.
        std::sort(found.begin(), found.end());
        found.erase(std::unique(found.begin(), found.end()), found.end());
        for (const NodeNo v : found)
            if (asked(v)) f(v);
    }
    /// Whether changes leave the places, the enterprises and where these are as the day has them.
    bool shares_enterprises() const;
    /// Calls f(edge) for each edge that changes take or add.
    template <class F>
    void each_change(F&& f) const {
        for (const auto& [kind, edges] : changes_.edges)
            for (const auto* list : {&edges.gone, &edges.fresh})
                for (const EdgeNo e : *list)
                    f(e);
    }
    /// The same of one kind.
    EdgeChanges changes_of(KindNo kind) const;
    /// Number of the place a node belongs to, or `none`.
    std::uint32_t place_no(NodeNo v) const { return territory().of(v); }
    /// Whether a place (by number, or `none`) is or lies in a place that is checked.
    bool checked(std::uint32_t place) const { return place != none && territory().checked(place); }
    /// Whether a place that is checked has none above it that is.
    bool top(std::uint32_t place) const;
    /// Regions and zones that are checked, cut to subjects, in id order.
    const std::vector<NodeNo>& places() const;
    /// Bodies seated in a place, by number, in id order: departments, governments, committees.
    std::span<const NodeNo> seated(std::uint32_t place) const;
    /// For each place the nearest one at or above it that an edge of that kind enters, or `none`:
    /// the places between have nothing of their own to say.
    const std::vector<std::uint32_t>& nearest(KindNo edge_kind) const;

    /// What a department does: `function`, else as its name says by the pack `departments`.
    std::string_view function(NodeNo dept) const;
    /// Whether a department answers to its superior alone: `vertical`, else as the pack
    /// `departments` says of its function.
    bool vertical(NodeNo dept) const;
    /// Whether a sector is of the high-risk list.
    bool high_risk(std::uint32_t sector) const;
    bool leading(NodeNo post) const;
    bool enterprise_side(NodeNo post) const;

    /// Bytes of the parts made so far.
    std::size_t bytes() const { return bytes_; }

private:
    // What the changes of the view take from the day and add to it.
    struct Changes {
        struct Edges {
            std::vector<EdgeNo> gone, fresh;
        };
        std::unordered_map<unsigned, Edges> edges;                // by kind
        std::unordered_map<unsigned, std::vector<NodeNo>> nodes;  // whole lists, by kind
        bool land = false;                                        // whether the places are others
        bool enterprises = false;  // whether enterprises or their colours are
    };
    void find_changes();
    bool shares_land() const { return day_ != nullptr && !changes_.land; }
    const Store::Attribute& function_attribute() const;

    const std::vector<NodeNo>* only_;
    std::shared_ptr<const RuleContext> day_;
    Changes changes_;

    mutable std::once_flag nodes_once_, edges_once_, territory_once_, regulators_once_, hosts_once_,
        enterprises_once_, alone_once_, scopes_once_, places_once_, seats_once_, functions_once_;
    mutable std::array<std::once_flag, 256> nearest_once_, subjects_once_, listed_once_;
    mutable std::vector<std::vector<NodeNo>> nodes_;
    mutable std::array<std::vector<NodeNo>, 256> subjects_;
    mutable std::vector<std::vector<EdgeNo>> edges_;
    mutable std::array<std::vector<EdgeNo>, 256> listed_;  // with what changes take and add
    mutable std::unique_ptr<Territory> territory_;
    mutable std::unique_ptr<Regulators> regulators_, hosts_;
    mutable std::unique_ptr<Enterprises> enterprises_;
    mutable std::unique_ptr<SoleRegulators> alone_;
    mutable Scopes scopes_;
    mutable std::vector<NodeNo> places_;
    mutable std::vector<std::uint32_t> seat_offsets_;
    mutable std::vector<NodeNo> seats_;
    mutable std::map<std::uint32_t, std::vector<NodeNo>> changed_seats_;
    mutable std::array<std::vector<std::uint32_t>, 256> nearest_;
    mutable std::optional<Store::Attribute> function_, vertical_;
    mutable std::atomic<std::size_t> bytes_{0};
};

/// A context of a store on a day without changes, with the view it reads.
struct DayContext {
    View view;
    RuleContext context;

    DayContext(const Store& store, Date on) : view(store, on), context(view) {}
};

/// The contexts of the days asked last. At most two: a what-if and a diff ask of two days.
///
/// Threads: any.
class Days {
public:
    std::shared_ptr<const RuleContext> at(const Store& store, Date on);
    std::size_t bytes();

private:
    std::mutex lock_;
    std::array<std::shared_ptr<const DayContext>, 2> last_;  // the latest first
};

/// The context of a store on a day. It must not outlive the store.
inline std::shared_ptr<const RuleContext> day_context(const Store& store, Date on) {
    return store.days->at(store, on);
}

/// What a department does as its name says by the pack `departments`; null if it says nothing.
struct DeptFunction {
    std::string id;
    bool vertical = false;
};
const DeptFunction* function_of_name(std::string_view name);

}  // namespace safetyrisk::graph
