"""Colours as style sheets write them, and how well two of them can be told apart.

Relative luminance and contrast ratio as WCAG 2.2 defines them (success criterion 1.4.3):
https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio
"""

import colorsys
import re
from functools import lru_cache
from typing import NamedTuple

# The named colours of CSS Color 4, six hexadecimal digits behind each.
_NAMES = """
aliceblue f0f8ff antiquewhite faebd7 aqua 00ffff aquamarine 7fffd4 azure f0ffff beige f5f5dc
bisque ffe4c4 black 000000 blanchedalmond ffebcd blue 0000ff blueviolet 8a2be2 brown a52a2a
burlywood deb887 cadetblue 5f9ea0 chartreuse 7fff00 chocolate d2691e coral ff7f50 cornflowerblue
6495ed cornsilk fff8dc crimson dc143c cyan 00ffff darkblue 00008b darkcyan 008b8b darkgoldenrod
b8860b darkgray a9a9a9 darkgreen 006400 darkgrey a9a9a9 darkkhaki bdb76b darkmagenta 8b008b
darkolivegreen 556b2f darkorange ff8c00 darkorchid 9932cc darkred 8b0000 darksalmon e9967a
darkseagreen 8fbc8f darkslateblue 483d8b darkslategray 2f4f4f darkslategrey 2f4f4f darkturquoise
00ced1 darkviolet 9400d3 deeppink ff1493 deepskyblue 00bfff dimgray 696969 dimgrey 696969
dodgerblue 1e90ff firebrick b22222 floralwhite fffaf0 forestgreen 228b22 fuchsia ff00ff gainsboro
dcdcdc ghostwhite f8f8ff gold ffd700 goldenrod daa520 gray 808080 green 008000 greenyellow adff2f
grey 808080 honeydew f0fff0 hotpink ff69b4 indianred cd5c5c indigo 4b0082 ivory fffff0 khaki
f0e68c lavender e6e6fa lavenderblush fff0f5 lawngreen 7cfc00 lemonchiffon fffacd lightblue add8e6
lightcoral f08080 lightcyan e0ffff lightgoldenrodyellow fafad2 lightgray d3d3d3 lightgreen 90ee90
lightgrey d3d3d3 lightpink ffb6c1 lightsalmon ffa07a lightseagreen 20b2aa lightskyblue 87cefa
lightslategray 778899 lightslategrey 778899 lightsteelblue b0c4de lightyellow ffffe0 lime 00ff00
limegreen 32cd32 linen faf0e6 magenta ff00ff maroon 800000 mediumaquamarine 66cdaa mediumblue
0000cd mediumorchid ba55d3 mediumpurple 9370db mediumseagreen 3cb371 mediumslateblue 7b68ee
mediumspringgreen 00fa9a mediumturquoise 48d1cc mediumvioletred c71585 midnightblue 191970
mintcream f5fffa mistyrose ffe4e1 moccasin ffe4b5 navajowhite ffdead navy 000080 oldlace fdf5e6
olive 808000 olivedrab 6b8e23 orange ffa500 orangered ff4500 orchid da70d6 palegoldenrod eee8aa
palegreen 98fb98 paleturquoise afeeee palevioletred db7093 papayawhip ffefd5 peachpuff ffdab9 peru
cd853f pink ffc0cb plum dda0dd powderblue b0e0e6 purple 800080 rebeccapurple 663399 red ff0000
rosybrown bc8f8f royalblue 4169e1 saddlebrown 8b4513 salmon fa8072 sandybrown f4a460 seagreen
2e8b57 seashell fff5ee sienna a0522d silver c0c0c0 skyblue 87ceeb slateblue 6a5acd slategray
708090 slategrey 708090 snow fffafa springgreen 00ff7f steelblue 4682b4 tan d2b48c teal 008080
thistle d8bfd8 tomato ff6347 turquoise 40e0d0 violet ee82ee wheat f5deb3 white ffffff whitesmoke
f5f5f5 yellow ffff00 yellowgreen 9acd32
"""
_WORDS = _NAMES.split()
NAMED = dict(zip(_WORDS[::2], _WORDS[1::2], strict=True))

_HEX = re.compile(r"#?([0-9a-f]{3,8})")
_FUNCTION = re.compile(r"(rgba?|hsla?)\(([^()]{1,60})\)")
_NUMBER = re.compile(r"[+-]?(?:[0-9]{1,6}(?:\.[0-9]{0,6})?|\.[0-9]{1,6})%?")


class Colour(NamedTuple):
    """Red, green and blue from 0 to 255; alpha from 0 to 1."""

    red: float
    green: float
    blue: float
    alpha: float = 1

    def over(self, ground: "Colour") -> "Colour":
        """What is seen where it lies on `ground`."""
        rest = 1 - self.alpha
        mixed = (
            mine * self.alpha + its * rest for mine, its in zip(self[:3], ground, strict=False)
        )
        return Colour(*mixed)

    @property
    def luminance(self) -> float:
        """From 0, black, to 1, white."""
        linear = [_linear(part / 255) for part in self[:3]]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    def __str__(self) -> str:
        return "#" + "".join(f"{max(0, min(255, round(part))):02x}" for part in self[:3])


WHITE, BLACK = Colour(255, 255, 255), Colour(0, 0, 0)


def _linear(part: float) -> float:
    # The standard's 0.04045 is the threshold of sRGB; WCAG 2.x has long said 0.03928: no 8-bit
    # value lies between the two.
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4


def contrast(one: Colour, other: Colour) -> float:
    """From 1, the same, to 21, black and white."""
    light, dark = sorted((one.luminance, other.luminance), reverse=True)
    return float((light + 0.05) / (dark + 0.05))


@lru_cache(maxsize=4096)
def read(written: str) -> Colour | None:
    """A colour as a style sheet or an attribute writes it; None for what is none."""
    written = written.strip().lower()[:80]
    if written == "transparent":
        return Colour(0, 0, 0, 0)
    found = _HEX.fullmatch(NAMED.get(written, written))
    if found is not None and len(found.group(1)) != 5 and len(found.group(1)) != 7:
        return _of_hex(found.group(1))
    function = _FUNCTION.fullmatch(written)
    if function is None:
        return None
    numbers = _NUMBER.findall(function.group(2))
    if len(numbers) not in (3, 4):
        return None
    return _of_numbers(function.group(1), numbers)


def _of_hex(digits: str) -> Colour:
    if len(digits) < 6:
        digits = "".join(digit * 2 for digit in digits)
    red, green, blue, *alpha = (
        int(digits[place : place + 2], 16) for place in range(0, len(digits), 2)
    )
    return Colour(red, green, blue, alpha[0] / 255 if alpha else 1)


def _of_numbers(function: str, numbers: list[str]) -> Colour:
    alpha = _share(numbers[3], 1) if len(numbers) > 3 else 1
    if function.startswith("rgb"):
        red, green, blue = (255 * _share(one, 255) for one in numbers[:3])
        return Colour(red, green, blue, alpha)
    hue = float(numbers[0].rstrip("%")) % 360 / 360
    mixed = colorsys.hls_to_rgb(hue, _share(numbers[2], 100), _share(numbers[1], 100))
    red, green, blue = (255 * part for part in mixed)
    return Colour(red, green, blue, alpha)


def _share(number: str, whole: float) -> float:
    share = float(number[:-1]) / 100 if number.endswith("%") else float(number) / whole
    return max(0.0, min(1.0, share))
