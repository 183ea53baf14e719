// The skeleton of a plan: numbered items, headings, rows of tables, paragraphs between them.
#pragma once

#include "text.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace safetyrisk::plan {

/// Of 第一阶段:, which heads items and has no number of its own.
constexpr int stage_style = 12;

/// A numbered item or heading, or a paragraph or row without a number.
struct Node {
    int style = 0;  ///< 0 paragraph, 1 第一章, 2 一、, 3 (一), 4 1., 5 (1), 6 ①, 7 第一条 and
                    ///< 任务一:, 8 row, 9 bullet, 10 1.1, 11 1.1.1, 12 第一阶段.
    int number = 0;
    std::size_t begin = 0;   ///< Of the number, or of the text where there is none.
    std::size_t body = 0;    ///< After the number.
    std::size_t end = 0;     ///< Where the next node begins.
    std::string no;          ///< As printed, bare.
    int parent = -1;         ///< The item or heading above it.
    bool has_items = false;  ///< Numbered items stand below it.
    int table = -1;          ///< Of a row: the head it belongs to.
};

/// A head of a table: the columns by their labels.
struct Head {
    std::vector<std::u16string> cells;
};

struct Structure {
    std::vector<Node> nodes;  ///< In the order of the text.
    std::vector<Head> heads;
    std::string title, issuer;
    std::size_t addressees_begin = 0, addressees_end = 0;
    std::optional<Date> issued;
    std::optional<int> title_year;   ///< Year of the plan in its title.
    std::optional<int> number_year;  ///< Year of its number, 〔2023〕2号.
    std::optional<Role> bare;        ///< What a legend makes of units alone in brackets.
    std::optional<int> text_year;    ///< The only year that the text above the items names.
};

Structure read_structure(const Text& text);

/// The matching ) of the ( at `at` before `end`, or `end`.
std::size_t closing(const Text& text, std::size_t at, std::size_t end);

}  // namespace safetyrisk::plan
