// Explanations of all rows in words. Rows of products of steps are judged alike when their steps
// and the rule that overrode them are, so each such text is made once and copied; every other row
// is explained by itself.
#include <safetyrisk/scoring/graded.hpp>

#include <safetyrisk/core/text.hpp>

#include "explainer.hpp"
#include "step_finder.hpp"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <limits>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace safetyrisk::scoring {
namespace {

constexpr std::size_t block_rows = std::size_t{1} << 15U;
// More kinds of judgements than this would take more to list than they save.
constexpr std::size_t most_kinds = std::size_t{1} << 16U;
constexpr std::size_t nobody = std::numeric_limits<std::size_t>::max();

// A text around the id.
struct Said {
    std::string before, after;
    std::size_t size() const { return before.size() + after.size(); }
};

Said said(const Explanation& why, Lang lang) {
    return {why.before_id(lang), why.after_id(lang)};
}

// Ids as bytes.
class Ids {
public:
    explicit Ids(const Column& column)
        : column_(column), text_(column.type() == ColumnType::text) {}
    std::string_view operator()(std::size_t row) {
        if (text_) return column_.text(row);
        if (column_.type() != ColumnType::integer || column_.is_null(row)) {
            printed_ = column_.print(row);
            return printed_;
        }
        const auto end =
            std::to_chars(digits_, digits_ + sizeof digits_, column_.integers()[row]).ptr;
        return {digits_, static_cast<std::size_t>(end - digits_)};
    }

private:
    const Column& column_;
    bool text_;
    char digits_[24] = {};
    std::string printed_;
};

struct Memory {
    Buffer<std::int64_t> offsets;
    Buffer<char> bytes;
};

}  // namespace

class Graded::ProseWriter {
public:
    ProseWriter(const Graded& graded, Lang lang, const Work& work)
        : graded_(graded),
          lang_(lang),
          work_(beside(work)),
          inputs_(graded, work_),
          blocks_((graded.rows() + block_rows - 1) / block_rows) {}

    Column write() {
        find_kinds();
        for_tasks(blocks_.size(), work_, [&](std::size_t b) { look_at(b); });
        tell_kinds();
        return lay_out();
    }

private:
    static Work beside(Work work) {
        work.progress = nullptr;
        return work;
    }

    // A method whose rows are told by their steps.
    struct ByStep {
        std::size_t first = 0;  // number of its first kind
        std::vector<StepFinder> steps;
        std::vector<std::size_t> counts;
    };

    struct Block {
        std::vector<Said> own;  // of rows that are explained by themselves
        std::size_t bytes = 0;
    };

    void find_kinds() {
        const std::size_t rules = graded_.direct_ ? graded_.direct_->rules().size() + 1 : 1;
        methods_.resize(graded_.methods_.size());
        std::size_t kinds = 0;
        for (std::size_t m = 0; m < methods_.size(); ++m) {
            const Method& method = *graded_.methods_[m];
            std::size_t mine = rules;
            for (const Factor& factor : method.factors())
                mine =
                    std::min(mine * std::max<std::size_t>(factor.steps.size(), 1), most_kinds + 1);
            if (method.form() != Form::product || graded_.averaged_ || kinds + mine > most_kinds)
                continue;
            ByStep& one = methods_[m];
            one.first = kinds;
            kinds += mine;
            for (std::size_t f = 0; f < method.factors().size(); ++f) {
                one.steps.emplace_back(method, f);
                one.counts.push_back(method.factors()[f].steps.size());
            }
        }
        rules_ = rules;
        kinds_.resize(kinds);
        example_.assign(kinds, nobody);
        kind_of_.resize(graded_.rows());
    }

    // The kind of a row, or `nobody`.
    std::size_t kind(std::size_t row) const {
        const Cells& cells = *graded_.cells_;
        if (cells.state[row] != RowState::graded) return nobody;
        const auto m = static_cast<std::size_t>(graded_.method_of(row));
        const ByStep& method = methods_[m];
        if (method.steps.empty()) return nobody;
        std::size_t number = 0;
        for (std::size_t f = 0; f < method.steps.size(); ++f) {
            const std::int32_t step = method.steps[f](inputs_.factor(m, f, row));
            if (step < 0) return nobody;
            number = number * method.counts[f] + static_cast<std::size_t>(step);
        }
        return method.first + number * rules_ + static_cast<std::size_t>(cells.rule_of(row) + 1);
    }

    void look_at(std::size_t b) {
        const std::size_t begin = b * block_rows;
        const std::size_t end = std::min(begin + block_rows, graded_.rows());
        std::vector<std::size_t> example(kinds_.size(), nobody);
        Explainer explainer(inputs_);
        auto issue = std::lower_bound(
            graded_.issue_rows_.begin(), graded_.issue_rows_.end(),
            std::pair<std::int64_t, std::size_t>{static_cast<std::int64_t>(begin), 0});
        Block& block = blocks_[b];
        for (std::size_t row = begin; row < end; ++row) {
            while (issue != graded_.issue_rows_.end() &&
                   issue->first < static_cast<std::int64_t>(row))
                ++issue;
            const bool noted = issue != graded_.issue_rows_.end() &&
                               issue->first == static_cast<std::int64_t>(row);
            const std::size_t number = noted ? nobody : kind(row);
            if (number == nobody) {
                kind_of_[row] = static_cast<std::uint32_t>(kinds_.size() + block.own.size());
                block.own.push_back(said(explainer.explain(row, lang_), lang_));
            } else {
                kind_of_[row] = static_cast<std::uint32_t>(number);
                if (example[number] == nobody) example[number] = row;
            }
        }
        const std::lock_guard lock(mutex_);
        for (std::size_t k = 0; k < example.size(); ++k)
            example_[k] = std::min(example_[k], example[k]);
    }

    void tell_kinds() {
        Explainer explainer(inputs_);
        for (std::size_t k = 0; k < kinds_.size(); ++k)
            if (example_[k] != nobody)
                kinds_[k] = said(explainer.explain(example_[k], lang_), lang_);
    }

    const Said& text(std::size_t row, const Block& block) const {
        const std::size_t k = kind_of_[row];
        return k < kinds_.size() ? kinds_[k] : block.own[k - kinds_.size()];
    }

    Column lay_out() {
        const std::size_t n = graded_.rows();
        const auto memory = std::make_shared<Memory>();
        memory->offsets.resize(n + 1);
        for_tasks(blocks_.size(), work_, [&](std::size_t b) {
            Block& block = blocks_[b];
            Ids id(graded_.id_);
            for (std::size_t row = b * block_rows; row < std::min((b + 1) * block_rows, n); ++row) {
                block.bytes += text(row, block).size() + id(row).size();
                memory->offsets[row + 1] = static_cast<std::int64_t>(block.bytes);
            }
        });
        std::size_t total = 0;
        for (Block& block : blocks_)
            total += std::exchange(block.bytes, total);
        memory->offsets[0] = 0;
        memory->bytes.resize(total);
        for_tasks(blocks_.size(), work_, [&](std::size_t b) {
            const Block& block = blocks_[b];
            Ids id(graded_.id_);
            char* to = memory->bytes.data() + block.bytes;
            const auto put = [&](std::string_view text) {
                std::memcpy(to, text.data(), text.size());
                to += text.size();
            };
            for (std::size_t row = b * block_rows; row < std::min((b + 1) * block_rows, n); ++row) {
                const Said& words = text(row, block);
                put(words.before);
                put(id(row));
                put(words.after);
                memory->offsets[row + 1] += static_cast<std::int64_t>(block.bytes);
            }
        });
        return Column::view_text(std::span<const std::int64_t>(memory->offsets),
                                 memory->bytes.data(), memory);
    }

    const Graded& graded_;
    Lang lang_;
    Work work_;
    RowInputs inputs_;
    std::vector<Block> blocks_;
    std::size_t rules_ = 1;
    std::vector<ByStep> methods_;
    std::vector<Said> kinds_;
    std::vector<std::size_t> example_;  // a row of the kind
    Buffer<std::uint32_t> kind_of_;     // by row; from kinds_.size() on those of the block's own
    std::mutex mutex_;
};

Column Graded::prose(Lang lang, const Work& work) const {
    return ProseWriter(*this, lang, work).write();
}

}  // namespace safetyrisk::scoring
