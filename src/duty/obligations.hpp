// Rows of the table `duties`, read and tied to a graph.
#pragma once

#include <safetyrisk/core/date.hpp>
#include <safetyrisk/core/issue.hpp>
#include <safetyrisk/core/table.hpp>
#include <safetyrisk/duty/periods.hpp>
#include <safetyrisk/graph/graph.hpp>
#include <safetyrisk/graph/select.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace safetyrisk::duty {

/// A node, those that a selector means, or nobody in particular.
struct Who {
    graph::NodeNo node = graph::none;
    std::optional<graph::Selector> selector;
    bool empty() const { return node == graph::none && !selector; }
};

/// One row that can be assessed.
struct Obligation {
    std::size_t row = 0;
    Who subject, object;
    /// How objects hang on the subject: by edges of this kind, from it or to it; their selector
    /// then says nothing of the edge. `no_kind`: each subject with each object.
    graph::KindNo link = graph::no_kind;
    bool link_to_subject = false;
    std::string action;
    std::optional<Date> deadline;
    std::optional<std::pair<unsigned, unsigned>> yearly;  ///< Month and day of --MM-DD.
    std::optional<Duration> cadence;
    bool rolling = false, working_days = false;
    std::uint32_t tolerance = 0;
    Partial partial = Partial::skip;
    double target = 1;
    bool ratio = false;   ///< `target` is a share of the objects.
    bool amount = false;  ///< The records' `count` is summed up.
    std::optional<Date> from, to;
    std::vector<std::pair<graph::Selector, Duration>> overrides;
};

/// Reads the rows; those with a fault become issues and are left out.
std::vector<Obligation> read_obligations(const graph::ResponsibilityGraph& graph,
                                         const Table& duties, IssueTable& issues);

}  // namespace safetyrisk::duty
