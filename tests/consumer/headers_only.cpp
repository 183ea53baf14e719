// Uses what safetyrisk::headers gives without an object file: types and scalar kernels.
#include <safetyrisk/core/grade.hpp>
#include <safetyrisk/scoring/product.hpp>

#include <array>
#include <limits>

int main() {
    using safetyrisk::Grade;
    namespace scoring = safetyrisk::scoring;
    // One factor with the steps 1 and 2, and a band for each.
    const double none = std::numeric_limits<double>::quiet_NaN();
    const std::array exact{none, 1.0, 2.0};
    scoring::ProductKernel kernel;
    kernel.factors[0] = {.multiplier = 1.0, .largest = 2.0, .exact = exact};
    kernel.factor_count = 1;
    kernel.bands = {.edge = {0, 2}, .grade = {Grade::blue, Grade::red}, .count = 2};
    const std::array two{2.0};
    const std::array three{3.0};
    const bool right = safetyrisk::graver(Grade::blue, Grade::orange) == Grade::orange &&
                       safetyrisk::word(Grade::red) == "重大风险" &&
                       scoring::score_product(kernel, two).grade == Grade::red &&
                       !scoring::score_product(kernel, three).on_scale;
    return right ? 0 : 1;
}
