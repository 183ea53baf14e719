// Any bytes as a work plan: every span lies in the text, and the JSON is JSON.
#include <safetyrisk/plan/plan.hpp>

#include "require.hpp"

#include <string_view>

using namespace safetyrisk::plan;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

// The packs are read once, before the clock that finds inputs which take too long.
extern "C" int LLVMFuzzerInitialize(int* /*argc*/, char*** /*argv*/) {
    return LLVMFuzzerTestOneInput(nullptr, 0);
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const PlanText plan = parse_plan(text);
    const auto inside = [&](Span span) { return span.begin <= span.end && span.end <= size; };
    for (const Task& task : plan.tasks) {
        require(inside(task.span));
        for (const UnitMention& unit : task.units) {
            require(inside(unit.span) && !unit.name.empty() && !unit.rule.empty());
            require(unit.name.size() <= 3 * size);
        }
        for (const Deadline& one : task.deadlines)
            require(inside(one.span) && one.date.size() >= 7);
        for (const Frequency& one : task.frequencies)
            require(inside(one.span));
        for (const Target& one : task.targets)
            require(inside(one.span));
    }
    require(to_json(plan).size() > 2);
    return 0;
}
