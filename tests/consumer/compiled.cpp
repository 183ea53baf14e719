// Uses the compiled library: a parser, the packs that it carries inside itself, a wrong call.
#include <safetyrisk/core/division_code.hpp>
#include <safetyrisk/core/error.hpp>
#include <safetyrisk/core/pack.hpp>

int main() {
    const auto code = safetyrisk::DivisionCode::parse("360924000000");
    bool right = code && code->text() == "360924" && code->parent().text() == "3609" &&
                 !safetyrisk::PackRegistry::builtin().all().empty();
    try {
        right = right && safetyrisk::PackRegistry::builtin().find("no.such") == nullptr;
    } catch (const safetyrisk::NotFoundError&) {  // across the border of a shared library
        return right ? 0 : 1;
    }
    return 2;
}
