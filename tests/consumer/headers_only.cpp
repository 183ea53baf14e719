// Uses what safetyrisk::headers gives without an object file.
#include <safetyrisk/core/grade.hpp>

int main() {
    using safetyrisk::Grade;
    const bool right = safetyrisk::graver(Grade::blue, Grade::orange) == Grade::orange &&
                       safetyrisk::word(Grade::red) == "重大风险";
    return right ? 0 : 1;
}
