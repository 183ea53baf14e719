// The scales of LEC and LS as whole numbers of tenths, and small helpers shared by the tests here.
// Written down a second time on purpose: the packs are what is tested. `using namespace judgements`
// brings the names of the library, JSON and the matcher along that nearly every test here needs.
#pragma once

#include <safetyrisk/core/column.hpp>
#include <safetyrisk/core/error.hpp>
#include <safetyrisk/core/grade.hpp>
#include <safetyrisk/core/pack.hpp>
#include <safetyrisk/scoring/method.hpp>

#include "support/catch.hpp"

#include <nlohmann/json.hpp>

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace judgements {

using namespace safetyrisk;
using namespace safetyrisk::scoring;
using Catch::Matchers::ContainsSubstring;
using nlohmann::json;

/// A step as it is typed and in tenths, which are exact.
struct Step {
    double value;
    std::int64_t tenths;
};

inline constexpr std::array<Step, 7> lec_L = {
    {{10, 100}, {6, 60}, {3, 30}, {1, 10}, {0.5, 5}, {0.2, 2}, {0.1, 1}}};
inline constexpr std::array<Step, 6> lec_E = {
    {{10, 100}, {6, 60}, {3, 30}, {2, 20}, {1, 10}, {0.5, 5}}};
inline constexpr std::array<Step, 6> lec_C = {
    {{100, 1000}, {40, 400}, {15, 150}, {7, 70}, {3, 30}, {1, 10}}};
inline constexpr std::array<Step, 6> lec_C_shandong_a = {
    {{100, 1000}, {40, 400}, {15, 150}, {7, 70}, {2, 20}, {1, 10}}};

/// Grade of D, given in thousandths, by table T1 ("greater") or T2 ("greater or equal").
inline Grade grade_t1(std::int64_t d) {
    if (d > 320'000) return Grade::red;
    if (d > 160'000) return Grade::orange;
    return d > 70'000 ? Grade::yellow : Grade::blue;
}
inline Grade grade_t2(std::int64_t d) {
    if (d >= 320'000) return Grade::red;
    if (d >= 160'000) return Grade::orange;
    return d >= 70'000 ? Grade::yellow : Grade::blue;
}

/// A builtin pack as JSON, to be changed and compiled again under another id.
inline json pack_json(const std::string& id, const std::string& new_id = "mine.one") {
    auto document = json::parse(PackRegistry::builtin().find(id)->canonical);
    document["pack"] = new_id;
    document["default"] = false;
    return document;
}

inline std::shared_ptr<const Method> compile(const json& document) {
    return Method::compile(std::make_shared<const Pack>(Pack::parse(document.dump(), "my.json")));
}

inline Column texts(const std::vector<std::string>& cells) {
    return Column::of(cells);
}
inline Column numbers(std::vector<double> cells) {
    return Column::of(std::move(cells));
}

}  // namespace judgements
