// The main program of every test binary; the costly part of Catch2 2 is compiled here, once.
#define CATCH_CONFIG_RUNNER
#include "catch.hpp"

int main(int argc, char** argv) {
    return Catch::Session().run(argc, argv);
}
