// One rule asked of a small graph, and its answer as lines that a test can read.
#pragma once

#include <safetyrisk/graph/check.hpp>

#include "graph/small.hpp"

#include <cstdlib>
#include <ostream>
#include <string>
#include <vector>

namespace safetyrisk::graph::small {

/// How many random graphs a property is tried on: as many as the test says, or as the variable
/// SAFETYRISK_SEEDS does when somebody looks for a counterexample.
inline unsigned seeds(unsigned usual) {
    const char* wanted = std::getenv("SAFETYRISK_SEEDS");
    return wanted == nullptr ? usual : static_cast<unsigned>(std::strtoul(wanted, nullptr, 10));
}

/// What came of one rule.
struct Answer {
    RuleState state = RuleState::holds;
    std::string reason;
    std::size_t examined = 0, unjudged = 0;
    std::vector<std::string>
        found;  ///< "error E1 yj | yj REGULATES 360924": severity, nodes, edges.
    std::vector<std::string> said;  ///< The sentences in Chinese, in the same order.

    bool holds() const { return state == RuleState::holds && examined > 0 && unjudged == 0; }
    bool partly() const {
        return state == RuleState::partly && !reason.empty() && unjudged <= examined;
    }
    bool not_assessed() const { return state == RuleState::not_assessed && !reason.empty(); }
};

inline std::ostream& operator<<(std::ostream& out, const Answer& answer) {
    out << to_string(answer.state) << " of " << answer.examined << " " << answer.reason;
    for (const std::string& line : answer.found)
        out << "\n  " << line;
    return out;
}

inline Answer ask(const ResponsibilityGraph& g, const std::string& rule, std::string_view on = "",
                  const CheckOptions& more = {}) {
    CheckOptions options = more;
    options.rules = {rule};
    if (!on.empty()) options.on = Date::parse(on);
    const Findings findings = check(g, options);
    const RuleStatus status = findings.rules().at(0);
    Answer answer;
    answer.state = status.status;
    answer.reason = status.reason;
    answer.examined = status.examined;
    answer.unjudged = status.unjudged;
    for (std::size_t row = 0; row < findings.size(); ++row) {
        const Finding finding = findings.at(row);
        if (finding.status != RuleState::fails) continue;
        std::string line(to_string(finding.severity));
        for (const std::string& node : finding.nodes)
            line += " " + node;
        if (!finding.edges.empty()) line += " |";
        for (const std::string& edge : finding.edges)
            line += " " + edge;
        answer.found.push_back(line);
        answer.said.push_back(finding.message);
    }
    return answer;
}

/// The tables know of all days that the tests name.
inline Answer ask(const Texts& texts, const std::string& rule, std::string_view on = "",
                  const CheckOptions& more = {}) {
    return ask(graph(texts, "2099-12-31"), rule, on.empty() ? "2026-01-01" : on, more);
}

/// Tables with lines added at the end of one of them.
inline Texts with(Texts texts, const std::string& table, const std::string& lines) {
    texts[table] += lines;
    return texts;
}

/// Tables with a piece of text replaced wherever it stands in one of them.
inline Texts swap(Texts texts, const std::string& table, const std::string& old,
                  const std::string& by) {
    std::string& text = texts.at(table);
    std::size_t at = text.find(old);
    if (at == std::string::npos) text += "\n'no such text'\n";  // makes the test fail loudly
    for (; at != std::string::npos; at = text.find(old, at + by.size()))
        text.replace(at, old.size(), by);
    return texts;
}

/// Tables with their rows in the opposite order.
inline Texts backwards(const Texts& texts) {
    Texts turned;
    for (const auto& [table, text] : texts) {
        std::vector<std::string> lines;
        for (std::size_t at = 0; at < text.size();) {
            const std::size_t end = std::min(text.find('\n', at), text.size());
            lines.push_back(text.substr(at, end - at) + "\n");
            at = end + 1;
        }
        std::reverse(lines.begin() + 1, lines.end());
        for (const std::string& line : lines)
            turned[table] += line;
    }
    return turned;
}

/// Tables without the lines that begin so.
inline Texts without(Texts texts, const std::string& table, const std::string& beginning) {
    std::string& text = texts.at(table);
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = std::min(text.find('\n', at), text.size() - 1);
        if (text.compare(at, beginning.size(), beginning) == 0)
            text.erase(at, end + 1 - at);
        else
            at = end + 1;
    }
    return texts;
}

}  // namespace safetyrisk::graph::small
