// The scales of LEC and LS as whole numbers of tenths, and small helpers shared by the tests here.
// Written down a second time on purpose: the packs are what is tested.
#pragma once

#include <safetyrisk/core/column.hpp>
#include <safetyrisk/core/grade.hpp>
#include <safetyrisk/core/pack.hpp>
#include <safetyrisk/scoring/method.hpp>

#include <nlohmann/json.hpp>

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace judgements {

using safetyrisk::Grade;

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
inline nlohmann::json pack_json(const std::string& id, const std::string& new_id = "mine.one") {
    auto document = nlohmann::json::parse(safetyrisk::PackRegistry::builtin().find(id)->canonical);
    document["pack"] = new_id;
    document["default"] = false;
    return document;
}

inline std::shared_ptr<const safetyrisk::scoring::Method> compile(const nlohmann::json& document) {
    using safetyrisk::Pack;
    return safetyrisk::scoring::Method::compile(
        std::make_shared<const Pack>(Pack::parse(document.dump(), "my.json")));
}

inline safetyrisk::Column texts(const std::vector<std::string>& cells) {
    return safetyrisk::Column::of(cells);
}
inline safetyrisk::Column numbers(std::vector<double> cells) {
    return safetyrisk::Column::of(std::move(cells));
}

}  // namespace judgements
