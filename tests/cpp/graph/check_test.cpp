// Tests of graph/check.hpp: what a check says of its rules, whatever they ask.
#include <safetyrisk/graph/check.hpp>

#include <safetyrisk/core/error.hpp>

#include "graph/small.hpp"
#include "support/catch.hpp"

using namespace safetyrisk;
using namespace safetyrisk::graph;

TEST_CASE("every rule is answered: held, failed, or not assessed with a reason", "[graph][check]") {
    const ResponsibilityGraph g = small::graph({{"nodes", "id,kind,name\nE1,enterprise,甲厂\n"}});
    const Findings findings = check(g);
    const std::vector<RuleStatus> rules = findings.rules();
    REQUIRE(rules.size() == 79);
    for (const RuleStatus& rule : rules) {
        INFO(rule.rule);
        if (rule.status == RuleState::not_assessed) CHECK_FALSE(rule.reason.empty());
        if (rule.status != RuleState::not_assessed) CHECK(rule.examined > 0);
    }
}
