// A scoring method, compiled from its pack: inputs, the way to a score, bands with their grades.
//
// A method has one of two forms: a *product* of factors (LEC, risk matrices), whose kernel is the
// fast path, or a *chain* of named steps (scoring/chain.hpp), which is everything else.
//
// Method::compile reads a pack of kind "method", refuses one that contradicts itself (steps twice,
// gaps or overlaps between bands, a band that nothing reaches, a self-test that does not hold), and
// builds the tables of the kernel or the program of the chain. A Method is immutable and may be
// used from many threads.
//
// A pack's bands give a `range` such as "(160, 320]": round brackets exclude the end, square ones
// include it. Which side is inclusive differs between published tables, so it is data, and
// `printed` keeps the words of the source.
//
// Threads: a Method is immutable; all members may be called from many threads.
// Throws: InputError, NotFoundError, Interrupted as noted; accepts() throws std::out_of_range.
#pragma once

#include <safetyrisk/core/grade.hpp>
#include <safetyrisk/core/pack.hpp>
#include <safetyrisk/core/work.hpp>
#include <safetyrisk/scoring/chain.hpp>
#include <safetyrisk/scoring/level.hpp>
#include <safetyrisk/scoring/product.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace safetyrisk::scoring {

namespace loops {
struct CodeTables;
struct CodeStore;
}  // namespace loops
struct Chain;

/// A column of criteria whose worst value gives the factor (the C or S of Shandong tables).
struct Part {
    std::string id;  ///< Column name, "C_people".
    Words name;
};

/// An input of a method.
struct Factor {
    std::string id;  ///< Column name, "L".
    Words name;
    std::vector<Step> steps;  ///< Largest first; of a range every value of its decimals.
    std::vector<Part> parts;  ///< Empty unless the factor may be given by parts.
    std::string range;        ///< "(0, 10]" where the pack gives a range instead of steps.
};

/// A band of scores, or of labels, with one level.
struct Band {
    std::optional<Grade> grade;  ///< Empty in methods that have levels but no colours.
    std::string label;           ///< Level in the source's own numbering, "A/1".
    Words word;                  ///< The source's word, 极其危险.
    std::string printed;         ///< The range as the source prints it, "D>320".
    double low = 0.0;
    double high = 0.0;
    bool low_closed = true;
    bool high_closed = false;
    Words control;                ///< Who controls a risk of this grade; may be empty.
    std::vector<std::string> is;  ///< Labels of a chain's result, instead of a range.
    std::string confidence;       ///< Its own flag, where it differs from the pack's.
    std::string source;           ///< Its own source; may be empty.
};

/// How a method comes to its score.
enum class Form : std::uint8_t { product, chain };

/// "product", "chain".
constexpr std::string_view to_string(Form form) {
    return form == Form::product ? "product" : "chain";
}

/// What became of a row.
enum class RowState : std::uint8_t { graded, not_gradable, rejected };

/// "graded", "not_gradable", "rejected".
std::string_view to_string(RowState state);

class Method {
public:
    Method(const Method&) = delete;  // kernel_ looks into exact_
    Method& operator=(const Method&) = delete;
    ~Method();

    /// Compiles a pack of kind "method"; throws InputError with the pack's id and JSON path when it
    /// contradicts itself.
    static std::shared_ptr<const Method> compile(std::shared_ptr<const Pack> pack);

    /// The method a name means, from the library's own packs: a full id, a family, or one of the
    /// names that the field uses (作业条件危险性分析法). Compiled once and shared. Throws as
    /// PackRegistry::find does.
    static std::shared_ptr<const Method> find(std::string_view name,
                                              std::optional<Date> as_of = std::nullopt);

    /// All methods of the library, in id order.
    static const std::vector<std::shared_ptr<const Method>>& all();

    const Pack& pack() const { return *pack_; }
    const std::string& id() const { return pack_->id; }
    Form form() const { return chain_ == nullptr ? Form::product : Form::chain; }
    /// The scale of its levels; of a product without one of its own that of its pack.
    const LevelScale& scale() const { return scale_; }
    /// The level of each band, gravest first.
    std::vector<Level> levels() const;
    /// Whether bands have colours; all have or none.
    bool has_grades() const { return bands_.front().grade.has_value(); }

    /// Empty where a method gives a level but no number.
    const std::string& score_symbol() const { return symbol_; }
    const Words& score_name() const { return score_name_; }
    /// Factors of a product; empty for a chain.
    const std::vector<Factor>& factors() const { return factors_; }
    /// Inputs of either form: of a product its factors.
    const std::vector<MethodInput>& inputs() const { return inputs_; }
    /// Steps and vetoes of a chain; empty for a product.
    const std::vector<MethodStep>& steps() const { return steps_; }
    const std::vector<Veto>& vetoes() const { return vetoes_; }
    /// For the library's own sources; null for a product.
    const Chain* chain() const { return chain_.get(); }
    /// Gravest first, as the source prints them.
    const std::vector<Band>& bands() const { return bands_; }
    const ProductKernel& kernel() const { return kernel_; }

    /// "DB37/T 2882-2016 …": the first source, for the `clause` column.
    const std::string& clause() const { return clause_; }

    /// Whether judgements fit step codes (scoring/step_codes.hpp): no factor has more than 14
    /// steps, all combinations together fit 12 bits, and products stay below 2^24 units. So do all
    /// packs of the library.
    bool has_step_codes() const { return code_store_ != nullptr; }
    /// For the library's own kernels; null without step codes.
    const loops::CodeTables* code_tables() const;

    /// Index into bands() of kernel band `b` (the kernel counts from the mildest).
    std::size_t band_index(std::uint8_t b) const { return bands_.size() - 1 - b; }

    /// Scores n judgements. `factors` has one column of n values for each factor; `score`, `grade`
    /// and `band` have n places. Where a row cannot be graded, score is NaN, grade 0 and band 255.
    /// grade: 1 blue to 4 red. With `averaged`, values between the smallest and the largest step
    /// are accepted (averages of several experts); scores within 1e-9 of an edge count as on it.
    /// `band` may be empty when nobody asks for it. Throws InputError when lengths differ and for a
    /// chain, which grade() runs.
    void score(std::span<const std::span<const double>> factors, bool averaged,
               std::span<double> score, std::span<std::uint8_t> grade, std::span<std::uint8_t> band,
               const Work& work = {}) const;

    /// Whether `value` may stand for factor `f`: a step, or with `averaged` between the ends.
    bool accepts(std::size_t f, double value, bool averaged) const;

private:
    Method();
    void read_content();
    void read_product();
    void read_chain();
    void check_bands() const;
    void run_tests() const;

    std::shared_ptr<const Pack> pack_;
    std::string symbol_;
    Words score_name_;
    std::vector<Factor> factors_;
    std::vector<Band> bands_;
    std::vector<std::string> names_;
    std::string clause_;
    ProductKernel kernel_;
    std::vector<std::vector<double>> exact_;  // what kernel_'s spans look at
    std::unique_ptr<const loops::CodeStore> code_store_;
    LevelScale scale_;
    std::vector<MethodInput> inputs_;
    std::vector<MethodStep> steps_;
    std::vector<Veto> vetoes_;
    std::unique_ptr<const Chain> chain_;
};

}  // namespace safetyrisk::scoring
