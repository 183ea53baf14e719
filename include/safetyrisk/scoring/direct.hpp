// Direct determination (直接判定): rules that make a risk 重大 whatever its score.
//
// The rules are data of a pack of kind "direct_rules" and run only when the caller names it,
// because the lists in use were not confirmed in an official text. A rule is a conjunction of
// comparisons of columns; a missing cell makes a comparison false, and an absent column an Issue.
//
// Threads: immutable once compiled; evaluate() may be called from many threads, each with issues of
// its own.
// Throws: InputError for a pack that is none; a wrong row throws nothing.
#pragma once

#include <safetyrisk/core/column.hpp>
#include <safetyrisk/core/issue.hpp>
#include <safetyrisk/core/pack.hpp>
#include <safetyrisk/core/table.hpp>
#include <safetyrisk/scoring/method.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace safetyrisk::scoring {

/// One comparison: column, operator (= != < <= > >=), value.
struct Comparison {
    std::string column;
    std::string op;
    bool boolean = false;  ///< Whether `truth` or `number` is compared.
    bool truth = false;
    double number = 0.0;
};

struct DirectRule {
    std::string id;  ///< "direct.shandong.a"
    Grade grade = Grade::red;
    Words text;
    std::vector<Comparison> when;  ///< All must hold.
};

class DirectRules {
public:
    /// Compiles a pack of kind "direct_rules"; throws InputError with the JSON path.
    static DirectRules compile(std::shared_ptr<const Pack> pack);

    const Pack& pack() const { return *pack_; }
    const std::vector<DirectRule>& rules() const { return rules_; }

    /// Whether the rules speak of methods of this family.
    bool applies_to(std::string_view family) const;

    /// For each row the index of the first rule that holds, or -1. Adds an issue for each column a
    /// rule needs and the table lacks.
    std::vector<std::int16_t> evaluate(const Table& table, IssueTable& issues) const;

private:
    std::shared_ptr<const Pack> pack_;
    std::vector<DirectRule> rules_;
    std::vector<std::string> families_;
};

}  // namespace safetyrisk::scoring
