#include "support/catch.hpp"

#include <safetyrisk/core/error.hpp>
#include <safetyrisk/render/palette.hpp>

#include <algorithm>
#include <array>
#include <cmath>

using namespace safetyrisk;
using namespace safetyrisk::render;

namespace {

using Triple = std::array<double, 3>;

Triple linear(Rgb c) {
    const auto channel = [](int value) {
        const double v = value / 255.0;
        return v <= 0.04045 ? v / 12.92 : std::pow((v + 0.055) / 1.055, 2.4);
    };
    return {channel(c.red), channel(c.green), channel(c.blue)};
}

Triple times(const std::array<Triple, 3>& m, Triple v) {
    Triple r{};
    for (std::size_t i = 0; i < 3; ++i)
        r[i] = m[i][0] * v[0] + m[i][1] * v[1] + m[i][2] * v[2];
    return r;
}

// CIELAB under D65 from linear sRGB.
Triple lab(Triple rgb) {
    const Triple xyz = times({{{0.4124564, 0.3575761, 0.1804375},
                               {0.2126729, 0.7151522, 0.0721750},
                               {0.0193339, 0.1191920, 0.9503041}}},
                             rgb);
    const auto f = [](double t) {
        return t > 216.0 / 24389.0 ? std::cbrt(t) : (24389.0 / 27.0 * t + 16.0) / 116.0;
    };
    const double x = f(xyz[0] / 0.95047), y = f(xyz[1]), z = f(xyz[2] / 1.08883);
    return {116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)};
}

// CIEDE2000 as Sharma, Wu and Dalal (2005) write it.
double delta_e00(Triple p, Triple q) {
    const double pi = std::acos(-1.0);
    const auto pow7 = [](double c) { return std::pow(c, 7.0); };
    const double c_mean = (std::hypot(p[1], p[2]) + std::hypot(q[1], q[2])) / 2.0;
    const double g = 0.5 * (1.0 - std::sqrt(pow7(c_mean) / (pow7(c_mean) + pow7(25.0))));
    const double a1 = (1.0 + g) * p[1], a2 = (1.0 + g) * q[1];
    const double c1 = std::hypot(a1, p[2]), c2 = std::hypot(a2, q[2]);
    const auto hue = [&](double a, double b) {
        if (a == 0.0 && b == 0.0) return 0.0;
        const double h = std::atan2(b, a) * 180.0 / pi;
        return h < 0.0 ? h + 360.0 : h;
    };
    const double h1 = hue(a1, p[2]), h2 = hue(a2, q[2]);
    double dh = h2 - h1;
    if (c1 * c2 == 0.0)
        dh = 0.0;
    else if (dh > 180.0)
        dh -= 360.0;
    else if (dh < -180.0)
        dh += 360.0;
    const double dl = q[0] - p[0], dc = c2 - c1;
    const double dH = 2.0 * std::sqrt(c1 * c2) * std::sin(dh / 2.0 * pi / 180.0);
    const double l = (p[0] + q[0]) / 2.0, c = (c1 + c2) / 2.0;
    double h = h1 + h2;
    if (c1 * c2 != 0.0) {
        if (std::abs(h1 - h2) <= 180.0)
            h = (h1 + h2) / 2.0;
        else
            h = h1 + h2 < 360.0 ? (h1 + h2 + 360.0) / 2.0 : (h1 + h2 - 360.0) / 2.0;
    }
    const auto cosine = [&](double degrees) { return std::cos(degrees * pi / 180.0); };
    const double t = 1.0 - 0.17 * cosine(h - 30.0) + 0.24 * cosine(2.0 * h) +
                     0.32 * cosine(3.0 * h + 6.0) - 0.20 * cosine(4.0 * h - 63.0);
    const double turn = 30.0 * std::exp(-std::pow((h - 275.0) / 25.0, 2.0));
    const double rc = 2.0 * std::sqrt(pow7(c) / (pow7(c) + pow7(25.0)));
    const double sl =
        1.0 + 0.015 * std::pow(l - 50.0, 2.0) / std::sqrt(20.0 + std::pow(l - 50.0, 2.0));
    const double sc = 1.0 + 0.045 * c, sh = 1.0 + 0.015 * c * t;
    const double rt = -std::sin(2.0 * turn * pi / 180.0) * rc;
    return std::sqrt(std::pow(dl / sl, 2.0) + std::pow(dc / sc, 2.0) + std::pow(dH / sh, 2.0) +
                     rt * dc / sc * dH / sh);
}

// Machado, Oliveira and Fernandes (2009), severity 1: normal, protan, deutan, tritan.
const std::array<std::array<Triple, 3>, 4> visions = {{
    {{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}},
    {{{0.152286, 1.052583, -0.204868},
      {0.114503, 0.786281, 0.099216},
      {-0.003882, -0.048116, 1.051998}}},
    {{{0.367322, 0.860646, -0.227968},
      {0.280085, 0.672501, 0.047413},
      {-0.011820, 0.042940, 0.968881}}},
    {{{1.255528, -0.076749, -0.178779},
      {-0.078411, 0.930809, 0.147602},
      {0.004733, 0.691367, 0.303900}}},
}};

double smallest_difference(const Palette& p, std::size_t vision) {
    double smallest = 1e9;
    for (const Grade a : all_grades) {
        for (const Grade b : all_grades) {
            if (a <= b) continue;
            const auto seen = [&](Grade g) {
                Triple rgb = times(visions[vision], linear(p.of(g)));
                for (double& v : rgb)
                    v = std::clamp(v, 0.0, 1.0);
                return lab(rgb);
            };
            smallest = std::min(smallest, delta_e00(seen(a), seen(b)));
        }
    }
    return smallest;
}

}  // namespace

TEST_CASE("The test's colour difference reproduces the published pairs", "[render][palette]") {
    // Sharma, Wu and Dalal (2005), table 1, pairs 1, 7, 17, 18, 19 and 20.
    CHECK(delta_e00({50, 2.6772, -79.7751}, {50, 0, -82.7485}) ==
          Catch::Approx(2.0425).margin(5e-5));
    CHECK(delta_e00({50, 0, 0}, {50, -1, 2}) == Catch::Approx(2.3669).margin(5e-5));
    CHECK(delta_e00({50, 2.5, 0}, {73, 25, -18}) == Catch::Approx(27.1492).margin(5e-5));
    CHECK(delta_e00({50, 2.5, 0}, {61, -5, 29}) == Catch::Approx(22.8977).margin(5e-5));
    CHECK(delta_e00({50, 2.5, 0}, {56, -27, -3}) == Catch::Approx(31.9030).margin(5e-5));
    CHECK(delta_e00({50, 2.5, 0}, {58, 24, 15}) == Catch::Approx(19.4535).margin(5e-5));
}

TEST_CASE("Any two colours of safe differ by 15 for normal and colour-blind readers",
          "[render][palette]") {
    for (std::size_t vision = 0; vision < visions.size(); ++vision) {
        INFO("vision " << vision);
        CHECK(smallest_difference(palette("safe"), vision) >= 15.0);
    }
}

TEST_CASE("The usual pure colours fail a deutan reader, which is why they are not the default",
          "[render][palette]") {
    CHECK(smallest_difference(palette("pure"), 2) < 15.0);
    CHECK(palette().name == "safe");
}

TEST_CASE("In grey red is darker than orange and orange darker than yellow", "[render][palette]") {
    for (const auto& name : palette_names()) {
        INFO(name);
        const Palette p = palette(name);
        const auto lightness = [&](Grade g) { return lab(linear(p.of(g)))[0]; };
        CHECK(lightness(Grade::red) + 10.0 < lightness(Grade::orange));
        CHECK(lightness(Grade::orange) + 10.0 < lightness(Grade::yellow));
    }
}

TEST_CASE("Palettes go by name and by pack id", "[render][palette]") {
    CHECK(palette_names() == std::vector<std::string>{"safe", "office", "pure", "web"});
    CHECK(palette("palette.pure") == palette("pure"));
    CHECK(palette("pure").red.text() == "#FF0000");
    CHECK(palette("office").of(std::nullopt).text() == "#D9D9D9");
    CHECK_THROWS_AS(palette("neon"), NotFoundError);
    CHECK_THROWS_WITH(palette("neon"), Catch::Matchers::ContainsSubstring("safe, office, pure, web"));
}

TEST_CASE("A colour is six hexadecimal digits after a number sign", "[render][palette]") {
    CHECK(Rgb::parse("#1d5FC4") == Rgb{0x1D, 0x5F, 0xC4});
    CHECK(Rgb::parse("#1d5FC4")->text() == "#1D5FC4");
    for (const char* wrong : {"", "#FFF", "1D5FC4", "#1D5FCG", "#1D5FC4 ", "red"}) {
        INFO(wrong);
        CHECK_FALSE(Rgb::parse(wrong));
    }
}
