#include <safetyrisk/graph/diff.hpp>

#include "graph/small.hpp"
#include "support/catch.hpp"

#include <string>
#include <vector>

using namespace safetyrisk;
using namespace safetyrisk::graph;

namespace {

std::vector<std::string> rows(const Table& table) {
    std::vector<std::string> out;
    for (std::size_t i = 0; i < table.rows(); ++i) {
        std::string row;
        for (const std::string& name : table.names())
            if (name != "name") row += (row.empty() ? "" : "|") + table.at(name).print(i);
        out.push_back(row);
    }
    return out;
}

const small::Texts base{
    {"nodes",
     "id,kind,name,staff,attributes\na,dept,甲局,3,'{\"power_list\":true}'\n"
     "b,dept,乙局,,\nc,dept,丙局,,\n"},
    {"enterprises", "id,name,employees\nE1,厂,100\nE2,厂,\n"},
    {"edges",
     "source,target,kind,sectors,lead,clause\na,E1,REGULATES,textile,true,1\n"
     "a,E1,REGULATES,tourism,,2\nb,E1,REGULATES,,,\nc,E2,PERMITS,,,\n"},
};

using Rows = std::vector<std::string>;

}  // namespace

TEST_CASE("A graph does not differ from itself, whatever the order of its rows") {
    small::Texts other = base;
    other["edges"] =
        "source,target,kind,sectors,lead,clause\nc,E2,PERMITS,,,\n"
        "a,E1,REGULATES,tourism,,2\na,E1,REGULATES,textile,true,1\n"
        "b,E1,REGULATES,,,\n";
    const Diff none = diff(small::graph(base), small::graph(other));
    CHECK(none.nodes.rows() == 0);
    CHECK(none.edges.rows() == 0);
}

TEST_CASE("Nodes and edges that came, went and say something else are told apart") {
    small::Texts other = base;
    other["nodes"] =
        "id,kind,name,staff,attributes\na,dept,甲局,4,'{\"power_list\":false}'\n"
        "b,dept,乙分局,,\nd,dept,丁局,,\n";
    other["edges"] =
        "source,target,kind,sectors,lead,clause\na,E1,REGULATES,textile,,1\n"
        "a,E1,REGULATES,tourism,,2\nb,E2,REGULATES,,,\nd,E2,PERMITS,,,\n";
    const Diff found = diff(small::graph(base), small::graph(other));
    CHECK(rows(found.nodes) == Rows{"changed|a|dept|power_list|true|false",
                                    "changed|a|dept|staff|3|4", "changed|b|dept|name|乙局|乙分局",
                                    "removed|c|dept|||", "added|d|dept|||"});
    // Behind what differs: duty, sectors, links, lead, days, document, clause.
    CHECK(rows(found.edges) ==
          Rows{"changed|a|REGULATES|E1|lead|true|false||textile||||||1",
               "removed|b|REGULATES|E1|||||||||||", "added|b|REGULATES|E2|||||||||||",
               "removed|c|PERMITS|E2|||||||||||", "added|d|PERMITS|E2|||||||||||"});
    CHECK(found.nodes_changed == 2);
    CHECK(found.nodes_added + found.nodes_removed == 2);
    CHECK(found.edges_changed == 1);
    CHECK(found.edges_added == 2);
    CHECK(found.edges_removed == 2);
}

TEST_CASE("Of several edges between the same ends those that are equal are left out") {
    small::Texts other = base;
    other["edges"] =
        "source,target,kind,sectors,lead,clause\na,E1,REGULATES,tourism,,2\n"
        "b,E1,REGULATES,,,\nc,E2,PERMITS,,,\n";
    CHECK(rows(diff(small::graph(base), small::graph(other)).edges) ==
          Rows{"removed|a|REGULATES|E1|||||textile||true||||1"});
}
