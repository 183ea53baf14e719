// Uses the compiled library: a parser, and the packs that it carries inside itself.
#include <safetyrisk/core/division_code.hpp>
#include <safetyrisk/core/pack.hpp>

int main() {
    const auto code = safetyrisk::DivisionCode::parse("360924000000");
    const bool right = code && code->text() == "360924" && code->parent().text() == "3609" &&
                       !safetyrisk::PackRegistry::builtin().all().empty();
    return right ? 0 : 1;
}
