// Tests of hazard/states.hpp.
#include <safetyrisk/hazard/states.hpp>

#include <safetyrisk/core/error.hpp>

#include "support/catch.hpp"

#include <random>
#include <set>
#include <string>

using namespace safetyrisk;
using namespace safetyrisk::hazard;

namespace {

std::shared_ptr<const States> of(const std::string& content) {
    return States::compile(std::make_shared<const Pack>(Pack::parse(
        R"({"pack":"hazard_states.mine","kind":"hazard_states","version":"1",)"
        R"("title":{"zh":"甲","en":"a"},"source":[{"document":"甲","clause":"","edition":""}],)"
        R"("region":null,"valid_from":null,"valid_to":null,"confidence":"D","default":false,)"
        R"("content":)" +
        content + R"(,"tests":[]})")));
}

const std::string two =
    R"("states":[{"id":"open","zh":"开","en":"open"},{"id":"shut","zh":"关","en":"shut"}],)"
    R"("events":[{"id":"find","zh":"见","en":"find"},{"id":"end","zh":"终","en":"end"}],)";

}  // namespace

TEST_CASE("a major hazard is verified before it is closed", "[hazard][states]") {
    const auto s = States::usual();
    const auto walk = [&](HazardGrade grade, std::initializer_list<const char*> events) {
        Standing now;
        for (const char* word : events) {
            const auto next = s->after(grade, now, s->event(word).value());
            if (!next) return std::string("not ") + word;
            now = *next;
        }
        return s->states()[now.state.value()].id + (now.has(Mark::stopped) ? " stopped" : "");
    };
    CHECK(walk(HazardGrade::major, {"发现", "报告", "登记", "督办", "整改", "验收", "销号"}) ==
          "closed");
    CHECK(walk(HazardGrade::major, {"find", "report", "register", "rectify", "close"}) ==
          "not close");
    CHECK(walk(HazardGrade::major, {"find", "rectify"}) == "not rectify");
    CHECK(walk(HazardGrade::general, {"find", "rectify", "close"}) == "closed");
    CHECK(walk(HazardGrade::general, {"find", "close"}) == "not close");
    CHECK(walk(HazardGrade::major, {"report"}) == "not report");
    CHECK(walk(HazardGrade::major, {"find", "find"}) == "not find");
    CHECK(walk(HazardGrade::major, {"find", "report", "register", "stop", "rectify", "verify",
                                    "close"}) == "closed stopped");
    CHECK(walk(HazardGrade::major, {"find", "report", "register", "rectify", "verify", "close",
                                    "resume"}) == "not resume");
    CHECK(walk(HazardGrade::major, {"find", "report", "register", "rectify", "verify", "reject",
                                    "close"}) == "not close");
}

TEST_CASE("what a closing that only the row states must show", "[hazard][states]") {
    const auto s = States::usual();
    const auto verify = s->event("verify").value();
    CHECK_FALSE(s->ends_without(HazardGrade::major, verify));
    CHECK(s->ends_without(HazardGrade::general, verify));
    CHECK_FALSE(s->ends_without(HazardGrade::general, s->event("close").value()));
    CHECK(s->ends_without(HazardGrade::major, s->event("supervise").value()));
    CHECK(s->never_closed_by(HazardGrade::major) ==
          std::vector<std::string>{"responsible", "enterprise"});
    CHECK(s->never_closed_by(HazardGrade::general).empty());
}

TEST_CASE("random walks never skip what a grade demands", "[hazard][states]") {
    const auto s = States::usual();
    const auto id = [&](const char* word) { return s->event(word).value(); };
    const StateNo closed = s->state("closed").value();
    for (unsigned seed = 0; seed < 40; ++seed) {
        std::mt19937 random(seed);
        const HazardGrade grade = seed % 2 == 0 ? HazardGrade::major : HazardGrade::general;
        Standing now;
        std::multiset<EventNo> taken;
        std::size_t steps = 0;
        for (int k = 0; k < 250; ++k) {
            const auto event = static_cast<EventNo>(random() % s->events().size());
            const auto next = s->after(grade, now, event);
            if (!next) continue;
            ++steps;
            taken.insert(event);
            const bool was_closed = now.state == closed;
            now = *next;
            if (was_closed && now.state != closed) FAIL("a closed hazard opens again");
            if (now.state != closed) continue;
            if (taken.count(id("find")) != 1) FAIL("found once");
            if (grade == HazardGrade::major &&
                (taken.count(id("report")) == 0 && taken.count(id("register")) == 0))
                FAIL("a major hazard was closed and nobody was told");
            if (grade == HazardGrade::major && taken.count(id("verify")) == 0)
                FAIL("a major hazard was closed without verification");
        }
        CHECK(taken.size() == steps);
    }
}

TEST_CASE("a machine that contradicts itself does not load", "[hazard][states]") {
    CHECK_NOTHROW(
        of("{" + two +
           R"("begin":"find","end":"shut","steps":[)"
           R"({"grades":["general","major"],"from":[],"event":"find","to":"open"},)"
           R"({"grades":["general","major"],"from":["open"],"event":"end","to":"shut"}]})"));
    for (const char* steps :
         {R"([{"grades":["general"],"from":[],"event":"find","to":"open"}])",  // shut unreached
          R"([{"grades":["general"],"from":["open"],"event":"find","to":"shut"}])",
          R"([{"grades":["general"],"from":[],"event":"end","to":"open"}])",
          R"([{"grades":["general"],"from":[],"event":"find","to":"ajar"}])",
          R"([{"grades":["grave"],"from":[],"event":"find","to":"open"}])",
          R"([{"grades":["general"],"from":[],"event":"find","to":"="}])",
          R"([{"grades":["general","general"],"from":[],"event":"find","to":"open"}])"})
        CHECK_THROWS_AS(of("{" + two + R"("begin":"find","end":"shut","steps":)" + steps + "}"),
                        InputError);
    CHECK_THROWS_AS(States::compile(PackRegistry::builtin().find("lec")), InputError);
    CHECK(read_grade("重大事故隐患") == HazardGrade::major);
    CHECK_FALSE(read_grade("较大").has_value());
}
