// Several methods on one object: one grade by a declared rule, and where the methods disagree.
//
// Registers are joined by `id`. Only colours are combined, and only of methods whose levels speak
// of the same thing (a class of accident is no risk): methods without colours of their own need a
// colour map when they grade.
//
// Threads: a Combined is immutable.
// Throws: InputError for a wrong call.
#pragma once

#include <safetyrisk/core/table.hpp>
#include <safetyrisk/scoring/graded.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace safetyrisk::scoring {

/// How one grade is made of several.
enum class CombineRule : std::uint8_t {
    gravest,
    priority,  ///< The first method, in the order given, that graded the object.
    majority,  ///< The grade that most methods give; of tied ones the gravest.
    main,      ///< A stated main method; the others are shown beside it.
};

/// "gravest", "priority", "majority", "main".
std::string_view to_string(CombineRule rule);
/// Nothing for a text that is none.
std::optional<CombineRule> parse_combine_rule(std::string_view text);

/// A register graded by one method, under a name.
struct NamedGraded {
    std::string name;
    std::shared_ptr<const Graded> graded;
};

struct CombineOptions {
    CombineRule rule = CombineRule::gravest;
    /// For `priority` every name, first the one that goes before all; for `main` the one name;
    /// else empty.
    std::vector<std::string> order;
};

/// One object.
struct CombinedObject {
    std::string id;
    std::vector<std::int64_t> rows;    ///< By method: its row, -1 where it has no grade.
    std::vector<std::uint8_t> grades;  ///< By method: 1 blue to 4 red, 0 none.
    std::uint8_t grade = 0;            ///< Combined; 0 none.
    std::int32_t decided_by = -1;      ///< Index of the first method with that grade, -1 none.
    std::uint8_t gap = 0;              ///< Grades between the gravest and the mildest.
};

/// Grades of several methods made one; see combine().
class Combined {
public:
    /// Objects in the order of the first register, then those of later ones alone.
    const std::vector<CombinedObject>& objects() const { return objects_; }
    const std::vector<NamedGraded>& methods() const { return methods_; }
    CombineRule rule() const { return rule_; }

    /// A row for each object: `id`, each method's grade under its name, `grade decided_by methods
    /// agree gap status`.
    Table to_table() const;
    /// A row for each two methods: `method other both equal graver milder share_equal widest`;
    /// graver: how often `method` is graver than `other`.
    Table matrix() const;
    /// The objects on which methods differ most, widest first: `id gap grade` and for each side
    /// `gravest_method gravest_grade gravest_why mildest_method mildest_grade mildest_why`.
    Table widest(std::size_t most = 20, Lang lang = Lang::zh) const;
    /// One object as prose.
    std::string text(std::size_t object, Lang lang = Lang::zh) const;

private:
    friend Combined combine(std::vector<NamedGraded> methods, const CombineOptions& options);
    std::string why(std::size_t object, std::size_t method, Lang lang) const;

    std::vector<NamedGraded> methods_;
    CombineRule rule_ = CombineRule::gravest;
    std::vector<std::string> order_;
    std::vector<CombinedObject> objects_;
};

/// Combines registers of the same objects. Throws InputError for fewer than two, a name twice, an
/// order that does not fit the rule, rows without colour, or scales that speak of different things.
Combined combine(std::vector<NamedGraded> methods, const CombineOptions& options = {});

}  // namespace safetyrisk::scoring
