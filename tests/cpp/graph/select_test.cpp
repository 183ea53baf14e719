// Tests of graph/select.hpp.
#include <safetyrisk/graph/select.hpp>

#include <safetyrisk/core/error.hpp>

#include "graph/small.hpp"
#include "graph/store.hpp"
#include "support/catch.hpp"

using namespace safetyrisk;
using namespace safetyrisk::graph;
using Catch::Matchers::Contains;

namespace {

using Ids = std::vector<std::string>;

const small::Texts county = {
    {"divisions",
     "code,name,valid_to\n360924,宜丰县,\n360924100,新昌镇,\n360923,上高县,\n360925,旧县,2020-12-"
     "31\n"},
    {"nodes",
     "id,kind,name,division,unit,post_kind,power_list,attributes\n"
     "yj,dept,县应急管理局,360924,,,true,\n"
     "zj,dept,县住建局,360924,,,,'{\"staff\":12}'\n"
     "yj2,dept,上高应急局,360923,,,false,'{\"staff\":5,\"tags\":\"a; b\"}'\n"
     "mayor,post,县长,,gov,gov_principal,,\n"
     "gov,government,县政府,360924,,,,\n"},
    {"enterprises",
     "id,name,division,sectors,employees,high_risk,opened\n"
     "E1,甲,360924100,烟花爆竹,120,true,2019-05-01\n"
     "E2,乙,360924,非煤矿山;城镇燃气,100,true,2021-01-01\n"
     "E3,丙,360923,危化品生产,,false,\n"
     "E4,丁,360924100,,7,,2021-01-02\n"},
    {"edges",
     "source,target,kind,sectors,valid_to\n"
     "yj,360924,REGULATES,烟花爆竹,\nzj,E2,REGULATES,,\nzj,360924,REGULATES,非煤矿山,2020-12-31\n"
     "yj,360924,COMPREHENSIVE,,\n"},
};

Ids chosen(const ResponsibilityGraph& g, std::string_view json, const char* on = "2026-01-01") {
    Ids ids;
    for (const NodeNo v : select(g, Selector::parse(json), Date::parse(on)))
        ids.emplace_back(g.id(v));
    return ids;
}

}  // namespace

TEST_CASE("Conditions compare numbers, dates, truth and text, and a missing value fulfils none") {
    const auto g = small::graph(county);
    const auto where = [&](const std::string& conditions) {
        return chosen(g, R"({"kind":"enterprise","where":[)" + conditions + "]}");
    };
    CHECK(where("") == Ids{"E1", "E2", "E3", "E4"});
    CHECK(where(R"(["employees",">",100])") == Ids{"E1"});
    CHECK(where(R"(["employees",">=",100])") == Ids{"E1", "E2"});
    CHECK(where(R"(["employees","<",100])") == Ids{"E4"});
    CHECK(where(R"(["employees","<=",100])") == Ids{"E2", "E4"});
    CHECK(where(R"(["employees","!=",7])") == Ids{"E1", "E2"});
    CHECK(where(R"(["employees","=",null])") == Ids{"E3"});
    CHECK(where(R"(["employees","!=",null])") == Ids{"E1", "E2", "E4"});
    CHECK(where(R"(["high_risk","=",true],["employees",">",100])") == Ids{"E1"});
    CHECK(where(R"(["high_risk","=",false])") == Ids{"E3"});
    CHECK(where(R"(["opened",">","2020-12-31"])") == Ids{"E2", "E4"});
    CHECK(where(R"(["opened","=","2021年1月1日"])") == Ids{"E2"});
    CHECK(where(R"(["name","in",["甲","丙"]])") == Ids{"E1", "E3"});
    CHECK(where(R"(["employees","in",[7,120]])") == Ids{"E1", "E4"});
    CHECK(chosen(g, R"({"kind":"dept","where":[["staff",">",6]]})") == Ids{"zj"});
    CHECK(chosen(g, R"({"kind":"dept","where":[["tags","has","b"]]})") == Ids{"yj2"});
    CHECK(chosen(g, R"({"kind":"post","where":[["post_kind","=","gov_principal"]]})") ==
          Ids{"mayor"});
}

TEST_CASE("Sectors mean themselves and those below, territory means what lies in it") {
    const auto g = small::graph(county);
    CHECK(chosen(g, R"({"kind":"enterprise","sectors":["hazchem"]})") == Ids{"E3"});
    CHECK(chosen(g, R"({"kind":"enterprise","sectors":["城镇燃气","烟花爆竹"]})") ==
          Ids{"E1", "E2"});
    CHECK(chosen(g, R"({"kind":"enterprise","in":"360924"})") == Ids{"E1", "E2", "E4"});
    CHECK(chosen(g, R"({"kind":"region","in":"360924","level":"town"})") == Ids{"360924100"});
    CHECK(chosen(g, R"({"kind":"post","in":"360924"})") == Ids{"mayor"});
    CHECK(chosen(g, R"({"kind":"region","level":"county"})") == Ids{"360923", "360924"});
    CHECK(chosen(g, R"({"kind":"region","level":"county"})", "2020-12-31") ==
          Ids{"360923", "360924", "360925"});
}

TEST_CASE("An edge reaches what it names, and through a region what lies there in its sectors") {
    const auto g = small::graph(county);
    const auto via = [&](const char* edge, const char* end, const char* on = "2026-01-01") {
        return chosen(
            g, std::string(R"({"kind":"enterprise","via":{"edge":")") + edge + "\"" + end + "}}",
            on);
    };
    CHECK(via("REGULATES", R"(,"from":"yj")") == Ids{"E1"});
    CHECK(via("REGULATES", R"(,"from":"zj")") == Ids{"E2"});
    CHECK(via("REGULATES", "") == Ids{"E1", "E2"});
    CHECK(via("COMPREHENSIVE", R"(,"from":"yj")") == Ids{"E1", "E2", "E4"});
    CHECK(chosen(g, R"({"kind":"dept","via":{"edge":"REGULATES","to":"360924"}})") == Ids{"yj"});
    CHECK(chosen(g, R"({"kind":"dept","via":{"edge":"REGULATES","to":"360924"}})", "2020-01-01") ==
          Ids{"yj", "zj"});
}

TEST_CASE("An exception has exceptions of its own") {
    const auto g = small::graph(county);
    CHECK(chosen(g, R"({"kind":"enterprise","except":{"where":[["high_risk","=",true]]}})") ==
          Ids{"E3", "E4"});
    CHECK(chosen(g, R"({"kind":"enterprise","except":{"where":[["high_risk","=",true]],)"
                    R"("except":{"where":[["employees",">",100]]}}})") == Ids{"E1", "E3", "E4"});
}

TEST_CASE("A wrong selector is refused with its place") {
    const auto g = small::graph(county);
    const auto refused = [&](std::string_view json, const char* place) {
        CHECK_THROWS_WITH(chosen(g, json), Contains(place));
    };
    refused("{}", "has no 'kind'");
    refused(R"({"kind":"enterprise","here":1})", "here");
    refused(R"({"kind":"planet"})", "selector.kind");
    refused(R"({"kind":"enterprise","where":[["a","~",1]]})", "selector.where[0][1]");
    refused(R"({"kind":"enterprise","where":[["a","="]]})", "selector.where[0]");
    refused(R"({"kind":"enterprise","where":[["a","<","many"]]})", "selector.where[0][2]");
    refused(R"({"kind":"enterprise","where":[["a","=",{}]]})", "selector.where[0][2]");
    refused(R"({"kind":"enterprise","where":[["id","=","E1"],["nobody has this","=",1]]})",
            "selector.where[1][0]: no node has a column 'nobody has this'; there are: ");
    refused(R"({"kind":"enterprise","sectors":["x"]})", "selector.sectors");
    refused(R"({"kind":"enterprise","sectors":[]})", "selector.sectors");
    refused(R"({"kind":"enterprise","in":"99"})", "selector.in");
    refused(R"({"kind":"enterprise","level":"street"})", "selector.level");
    refused(R"({"kind":"enterprise","via":{"edge":"LIKES"}})", "selector.via.edge");
    refused(R"({"kind":"enterprise","via":{"edge":"LEADS","from":"yj","to":"zj"}})",
            "selector.via");
    refused(R"({"kind":"enterprise","except":{"level":"x"}})", "selector.except.level");
    CHECK_THROWS_AS(chosen(g, "[]"), InputError);
    CHECK_THROWS_AS(chosen(g, "{"), InputError);
}

TEST_CASE("Exceptions a hundred thousand deep are read without recursion") {
    const auto g = small::graph(county);
    Selector selector;
    selector.parts.resize(100'001);
    for (SelectorPart& part : selector.parts)
        part.kind = "enterprise";
    CHECK(select(g, selector).size() == 4);  // odd: all are selected
    selector.parts.pop_back();
    CHECK(select(g, selector).empty());
}

TEST_CASE("Kinds and levels are asked for in Chinese as well") {
    const auto g = small::graph(county);
    CHECK(chosen(g, R"({"kind":"部门","level":"县"})") ==
          chosen(g, R"({"kind":"dept","level":"county"})"));
    CHECK(chosen(g, R"({"kind":"企业","level":"乡镇"})") == Ids{"E1", "E4"});
    CHECK(chosen(g, R"({"kind":"行政区划","level":"镇街"})") == Ids{"360924100"});
    CHECK(chosen(g, R"({"kind":"企业","where":[["level","=","乡镇"]]})") == Ids{"E1", "E4"});
    CHECK(chosen(g, R"({"kind":"企业","where":[["level","in",["县","town"]]]})") ==
          Ids{"E1", "E2", "E3", "E4"});
    CHECK(chosen(g, R"({"kind":"岗位","where":[["post_kind","=","政府主要负责人"]]})") ==
          Ids{"mayor"});
    CHECK(chosen(g, R"({"kind":"企业","via":{"edge":"行业监管","from":"zj"}})") == Ids{"E2"});
    CHECK_THROWS_WITH(chosen(g, R"({"kind":"dept","level":"巨"})"), Contains("乡镇"));
}

TEST_CASE("A word that is none is answered with at most three near ones") {
    const auto g = small::graph(county);
    const auto said = [&](std::string_view json) -> std::string {
        try {
            chosen(g, json);
        } catch (const NotFoundError& error) {
            return error.what();
        }
        return "";
    };
    CHECK_THAT(said(R"({"kind":"entreprise"})"), Contains("near ones are enterprise"));
    CHECK_THAT(said(R"({"kind":"生产单位"})"), Contains("near ones are 生产经营单位"));
    CHECK_THAT(said(R"({"kind":"dept","in":"36092"})"), Contains("360924 (宜丰县)"));
    CHECK_THAT(said(R"({"kind":"enterprise","sectors":["烟花爆竺"]})"), Contains("烟花爆竹"));
    const auto at = [&](std::string_view id) -> std::string {
        try {
            g.at(id);
        } catch (const NotFoundError& error) {
            return error.what();
        }
        return "";
    };
    // Swapped, one wrong, by name, by a part of the name; nothing near, nothing said.
    CHECK_THAT(at("zj2"), Contains("zj (县住建局)"));
    CHECK_THAT(at("mayro"), Contains("mayor (县长)"));
    CHECK_THAT(at("县住建"), Contains("zj (县住建局)"));
    CHECK_THAT(at("宜丰县应急管理局"), Contains("yj (县应急管理局)"));
    CHECK(at("qqqqqqqq") == "no node has the id 'qqqqqqqq'");
    const std::string many = at("E9");
    CHECK(std::count(many.begin(), many.end(), '(') == 3);
}
