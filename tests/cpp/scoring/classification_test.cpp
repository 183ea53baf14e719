// Tests of scoring/classification.hpp: codes of GB 6441, the way from 1986 to 2025, packs that
// contradict themselves.
#include <safetyrisk/scoring/classification.hpp>

#include "judgements.hpp"

#include <set>
#include <string>
#include <vector>

using namespace judgements;

namespace {

std::string code_of(const Classification& list, const std::string& text) {
    const auto place = list.index_of(text);
    return place ? list.items()[*place].code : "";
}

std::shared_ptr<const Pack> pack_of(const json& document) {
    return std::make_shared<const Pack>(Pack::parse(document.dump(), "my.json"));
}

std::string error_of(const json& document) {
    try {
        if (document["kind"] == "classification")
            Classification::compile(pack_of(document));
        else
            ClassificationMap::compile(pack_of(document),
                                       Classification::find("accident_types.1986"),
                                       Classification::find("accident_types.2025"));
    } catch (const InputError& error) {
        return error.what();
    }
    return "(compiled)";
}

}  // namespace

TEST_CASE("accident types have the codes of GB 6441 in both editions") {
    const auto now = Classification::find("accident_types");
    CHECK(now->id() == "accident_types.2025");
    CHECK(now->items().size() == 27);
    CHECK(code_of(*now, "粉尘爆炸") == "WSA10018");
    CHECK(code_of(*now, "其他") == "WSA10099");
    CHECK(code_of(*now, "wsa10026") == "WSA10026");
    CHECK(code_of(*now, " 厂（场）内车辆致害 ") == "WSA10002");
    CHECK(code_of(*now, "瓦斯爆炸").empty());
    CHECK(code_of(*Classification::find("accident_harm"), "死亡事故") == "WSA20004");
    const auto old = Classification::find("accident_types", Date::parse("2026-06-30"));
    CHECK(old->id() == "accident_types.1986");
    CHECK(old->items().size() == 20);
    CHECK(code_of(*old, "1") == "01");
    CHECK(code_of(*old, "其他伤害") == "20");
    CHECK(Classification::find("accident_types", Date::parse("2026-07-01"))->id() == now->id());
    CHECK_THROWS_AS(Classification::find("lec.t1"), InputError);
    CHECK_THROWS_AS(Classification::find("accidents"), NotFoundError);
}

TEST_CASE("the map of accident types is not one-to-one and its inverse agrees with it") {
    const auto map = ClassificationMap::find("accident_types.1986", "accident_types.2025");
    const auto targets = [&](const std::string& text) {
        std::set<std::string> out;
        for (const std::size_t item : map->targets(*map->from().index_of(text)))
            out.insert(map->to().items()[item].name.zh);
        return out;
    };
    using Names = std::set<std::string>;
    CHECK(targets("车辆伤害") == Names{"厂(场)内车辆致害", "道路(轨道)车辆致害"});
    CHECK(targets("中毒和窒息") == Names{"中毒", "窒息"});
    CHECK(targets("透水") == Names{"水害"});
    CHECK(targets("瓦斯爆炸") == Names{"可燃气体爆炸"});
    CHECK(targets("冒顶片帮") == Names{"坍塌"});
    for (std::size_t from = 0; from < map->from().items().size(); ++from)
        for (std::size_t to = 0; to < map->to().items().size(); ++to) {
            const auto& forth = map->targets(from);
            const auto back = map->sources(to);
            const bool goes = std::find(forth.begin(), forth.end(), to) != forth.end();
            CHECK(goes == (std::find(back.begin(), back.end(), from) != back.end()));
        }
    CHECK_THROWS_AS(ClassificationMap::find("accident_types.2025", "accident_types.1986"),
                    NotFoundError);
}

TEST_CASE("a column is read row by row, and what is unknown or missing says so") {
    const Column column = Column::of(std::vector<std::string>{"透水", "车辆伤害", "坠机", ""});
    const auto map = ClassificationMap::find("accident_types.1986", "accident_types.2025");
    const Table table = map->read(column);
    const auto cells = [&](const char* name) {
        std::vector<std::string> out;
        for (std::size_t row = 0; row < table.rows(); ++row)
            out.emplace_back(table.at(name).text(row));
        return out;
    };
    using Cells = std::vector<std::string>;
    CHECK(cells("to") == Cells{"WSA10013", "", "", ""});
    CHECK(cells("candidates") == Cells{"WSA10013", "WSA10002;WSA10003", "", ""});
    CHECK(cells("status") == Cells{"one", "several", "unknown", "missing"});
    const Table codes = map->from().read(Column::of(std::vector<std::int64_t>{1, 20, 21}));
    CHECK(codes.at("code").text(0) == "01");
    CHECK(codes.at("name").text(1) == "其他伤害");
    CHECK(codes.at("status").text(2) == "unknown");
    CHECK(codes.at("code").is_null(2));
}

TEST_CASE("a classification or a map that contradicts itself is refused with the place") {
    auto list = pack_json("accident_types.1986");
    list["content"]["items"][1]["zh"] = "物体打击";
    CHECK_THAT(error_of(list), ContainsSubstring("items[1].zh"));
    list["content"]["items"][1]["code"] = "01";
    CHECK_THAT(error_of(list), ContainsSubstring("items[1].code"));
    auto untrue = pack_json("accident_types.1986");
    untrue["tests"][0]["code"] = "18";
    CHECK_THAT(error_of(untrue), ContainsSubstring("tests[0]"));
    auto map = pack_json("accident_types_map.usual");
    map["content"]["rows"].erase(4);
    CHECK_THAT(error_of(map), ContainsSubstring("there is none for 05"));
    map = pack_json("accident_types_map.usual");
    map["content"]["rows"][0]["to"][0] = "WSA10027";
    CHECK_THAT(error_of(map), ContainsSubstring("rows[0].to[0]"));
    map = pack_json("accident_types_map.usual");
    map["content"]["rows"][1]["from"] = "01";
    CHECK_THAT(error_of(map), ContainsSubstring("has two rows"));
    CHECK(error_of(pack_json("accident_types_map.usual")) == "(compiled)");
}
