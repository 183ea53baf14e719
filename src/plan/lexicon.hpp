// The words by which plans assign: predicates, labels, what a unit's name ends with.
#pragma once

#include "text.hpp"

#include <optional>
#include <string>
#include <vector>

namespace safetyrisk::plan {

/// A predicate and what it makes of the units before it.
struct Predicate {
    Chars word;
    std::optional<Role> role;  ///< Nothing: known, but gives no unit a role (指导).
    bool strong;  ///< Assigns wherever it follows a unit; others only at the end of a clause.
};
/// A predicate as it stands in a text: with verbs that only run on behind it (配合落实, 牵头推动).
struct Found {
    const Predicate* predicate = nullptr;
    std::size_t length = 0;  ///< Characters, what runs on included.

    explicit operator bool() const { return predicate != nullptr; }
    const Predicate* operator->() const { return predicate; }
};

/// The predicate that `chars` ends with.
Found predicate_at_end(Chars chars);
/// The longest predicate that `chars` begins with, or null.
const Predicate* predicate_at_start(Chars chars);

/// `chars` without words that only colour a predicate (密切, 按职责, 结合实际 …) at its end.
Chars without_adverbs(Chars chars);

/// A label (责任单位, 牵头单位, 完成时限 …) and what stands under it.
struct Label {
    enum class Kind : std::uint8_t { units, persons, time, text };
    Chars word;
    Kind kind;
    Role role;
};
/// The label that `chars` begins with, or null.
const Label* label_at_start(Chars chars);
/// The label that a cell of a table's head is, or null.
const Label* label_of_column(Chars cell);
/// Whether a cell of a table's head heads numbers, tasks or what is to be done.
bool is_text_column(Chars cell);
/// Whether a cell beside columns of units may head what is to be done, by its last word.
bool may_head_text(Chars cell);
/// Whether these are the cells of a table's head.
bool is_head(const std::vector<std::u16string>& cells);

/// Whether a sentence holds a word that may assign; most hold none.
bool may_assign(Chars sentence);

/// Whether a name reads as that of a unit or a collective of units. `strict` for running text,
/// where every other sentence has a noun before a verb.
bool is_unit(Chars name, bool strict);
/// Whether a name ends as names of units do: where it does, a list may be parted behind it.
bool ends_as_unit(Chars name);
/// Whether a verb phrase follows a unit in it: 市城乡建设委对中心城区.
bool runs_on_behind_unit(Chars name);
/// Whether a predicate and what stands behind it end a name: 督查|室, 组织|部.
bool names_on(Chars word, Chars behind);
/// Whether it ends as units do and is none (市场, 农村, 实验室): 和 behind it stands in a name.
bool ends_as_thing(Chars name);
/// Whether it names a post or persons (…负责人, 主任).
bool is_person(Chars name);

}  // namespace safetyrisk::plan
