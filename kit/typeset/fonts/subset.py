#!/usr/bin/env python3
"""Make the embedded fonts of this package: subsets of freely licensed ones.

    apt-get install python3-fonttools fonts-lxgw-wenkai fonts-droid-fallback unicode-data
    npm install --prefix /tmp/fonts @expo-google-fonts/noto-serif-sc@0.4.3 @expo-google-fonts/noto-sans-sc@0.4.3
    /usr/bin/python3 subset.py /tmp/fonts/node_modules/@expo-google-fonts

Equal inputs give equal files. docs/decisions/fonts.md tells why these fonts.
Names are changed because both OFL sources reserve theirs.
"""
import bz2
import gzip
import os
import sys

from fontTools import subset
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont

NPM = sys.argv[1]
HERE = os.path.dirname(os.path.abspath(__file__))
DEBIAN = "/usr/share/fonts/truetype/"


def standard_characters():
    """The table of general standard characters (2013): rune -> rank 1..8105."""
    rank = {}
    with bz2.open("/usr/share/unicode/Unihan_OtherMappings.txt.bz2", "rt") as lines:
        for line in lines:
            field = line.rstrip("\n").split("\t")
            if len(field) == 3 and field[1] == "kTGH":
                rank[int(field[0][2:], 16)] = int(field[2].split(":")[1])
    assert len(rank) == 8105
    return rank


def span(*pairs):
    return {c for a, b in pairs for c in range(a, b + 1)}


LATIN = span((0x20, 0x7E), (0xA0, 0xFF), (0x2010, 0x2027), (0x2030, 0x2033), (0x203B, 0x203B))
CHINESE = span((0x3000, 0x3017), (0x301C, 0x301F), (0xFF01, 0xFF5E), (0xFFE0, 0xFFE5))
SYMBOLS = span(
    (0x100, 0x17F), (0x1CD, 0x1DC), (0x391, 0x3C9), (0x401, 0x451), (0x20A0, 0x20BF), (0x2100, 0x214F),
    (0x2150, 0x217F), (0x2190, 0x2199), (0x2200, 0x22FF), (0x2460, 0x24FF), (0x2500, 0x266F),
    (0x2713, 0x2717), (0x2E3A, 0x2E3B), (0x3018, 0x30FF), (0x3105, 0x312F), (0x3200, 0x33FF),
    (0xFE30, 0xFE6B),
)
# What GBK has beside ideographs, and so every Chinese system could write.
GBK_SIGNS = {ord(c) for a in range(0xA1, 0xAA) for b in range(0xA1, 0xFF)
             for c in bytes([a, b]).decode("gbk", "ignore") if len(c) == 1}
HAN = span((0x3400, 0x4DBF), (0x4E00, 0x9FFF))
ASTRAL = span((0x20000, 0x323AF))
QUOTES = {0x2018, 0x2019, 0x201C, 0x201D}


def cut(path, runes):
    font = TTFont(path, recalcTimestamp=False)
    options = subset.Options()
    options.layout_features = []
    options.hinting = False
    options.notdef_outline = True
    options.name_IDs = []
    options.drop_tables += ["STAT", "vhea", "vmtx", "BASE", "prep", "gasp", "DSIG", "VORG"]
    s = subset.Subsetter(options)
    s.populate(unicodes=runes)
    s.subset(font)
    return font


def substitutes(font, feature, rune):
    """The glyph that a single-substitution feature gives for rune, or None."""
    name = font.getBestCmap().get(rune)
    gsub = font["GSUB"].table
    for record in gsub.FeatureList.FeatureRecord:
        if record.FeatureTag != feature:
            continue
        for i in record.Feature.LookupListIndex:
            for table in gsub.LookupList.Lookup[i].SubTable:
                table = getattr(table, "ExtSubTable", table)
                to = getattr(table, "mapping", {}).get(name)
                if to:
                    return to
    return None


def noto(path, runes):
    """Noto with half-width digits, as in Chinese text faces, and dashes that join."""
    font = TTFont(path, recalcTimestamp=False)
    digits = {d: substitutes(font, "hwid", d) for d in range(0x30, 0x3A)}
    assert all(digits.values())
    # The subsetter keeps what the character map reaches, so that is set first.
    for table in font["cmap"].tables:
        if table.format in (4, 12):
            table.cmap.update(digits)
            table.cmap[0x2014] = font.getBestCmap()[0x2015]
    tmp = "/tmp/dinghai-noto.ttf"
    font.save(tmp)
    font = cut(tmp, runes)
    os.remove(tmp)
    dash = font.getBestCmap()[0x2014]
    stretch(font, dash)
    return font


def stretch(font, name):
    """Widen a dash to its whole em, so that two of them are one line."""
    glyph = font["glyf"][name]
    lo, hi = glyph.xMin, glyph.xMax
    advance = font["hmtx"][name][0]
    for i, (x, y) in enumerate(glyph.coordinates):
        glyph.coordinates[i] = (round((x - lo) * advance / (hi - lo)), y)
    glyph.recalcBounds(font["glyf"])
    font["hmtx"][name] = (advance, glyph.xMin)


def boxes(font):
    """Add ballot boxes, which forms need and Noto lacks, from a square and a mark."""
    cmap, glyf = font.getBestCmap(), font["glyf"]
    square = glyf[cmap[0x25A1]]
    middle = ((square.xMin + square.xMax) / 2, (square.yMin + square.yMax) / 2)
    for rune, sign in ((0x2610, None), (0x2611, 0x2713), (0x2612, 0xD7)):
        pen = TTGlyphPen(font.getGlyphSet())
        pen.addComponent(cmap[0x25A1], (1, 0, 0, 1, 0, 0))
        if sign:
            mark = glyf[cmap[sign]]
            scale = 0.8 * (square.xMax - square.xMin) / max(mark.xMax - mark.xMin, mark.yMax - mark.yMin)
            dx = middle[0] - scale * (mark.xMin + mark.xMax) / 2
            dy = middle[1] - scale * (mark.yMin + mark.yMax) / 2
            pen.addComponent(cmap[sign], (scale, 0, 0, scale, round(dx), round(dy)))
        name = f"uni{rune:04X}"
        font.setGlyphOrder(font.getGlyphOrder() + [name])
        glyf[name] = pen.glyph()
        glyf[name].recalcBounds(glyf)
        font["hmtx"][name] = (font["hmtx"][cmap[0x25A1]][0], glyf[name].xMin)
        for table in font["cmap"].tables:
            if table.format in (4, 12):
                table.cmap[rune] = name


def save(font, name, title, licence):
    table = font["name"]
    table.names = []
    for i, text in ((1, title), (2, "Regular"), (4, title), (6, title.replace(" ", "")), (13, licence)):
        table.setName(text, i, 3, 1, 0x409)
    raw = "/tmp/dinghai-font.ttf"
    font.save(raw, reorderTables=True)
    with open(raw, "rb") as f:
        data = f.read()
    os.remove(raw)
    packed = gzip.compress(data, 9, mtime=0)
    with open(os.path.join(HERE, "data", name + ".ttf.gz"), "wb") as f:
        f.write(packed)
    print(f"{name:6} {len(font.getBestCmap()):6} runes {len(data):9} bytes, packed {len(packed):8}")


def main():
    rank = standard_characters()
    levels = {c for c, n in rank.items() if n <= 6500}
    serif = NPM + "/noto-serif-sc/"
    song = noto(serif + "400Regular/NotoSerifSC_400Regular.ttf",
                LATIN | CHINESE | SYMBOLS | GBK_SIGNS | set(rank) | ASTRAL | span((0x9FA6, 0x9FFF)))
    boxes(song)
    have = set(song.getBestCmap())
    ofl = "SIL Open Font License 1.1; a modified version of "
    save(song, "song", "Dinghai Song", ofl + "Noto Serif SC Regular")
    save(noto(serif + "600SemiBold/NotoSerifSC_600SemiBold.ttf", LATIN | CHINESE | levels),
         "title", "Dinghai Title", ofl + "Noto Serif SC SemiBold")
    save(noto(NPM + "/noto-sans-sc/500Medium/NotoSansSC_500Medium.ttf", LATIN | CHINESE | levels),
         "hei", "Dinghai Hei", ofl + "Noto Sans SC Medium")
    # Its quotation marks are narrow ones; those of Song are right in Chinese.
    save(cut(DEBIAN + "lxgw-wenkai/LXGWWenKai-Regular.ttf", (LATIN | CHINESE | levels) - QUOTES),
         "kai", "Dinghai Kai", ofl + "a Chinese Kai typeface made on Klee One")
    save(cut(DEBIAN + "droid/DroidSansFallbackFull.ttf", (HAN | SYMBOLS) - have),
         "rare", "Dinghai Rare", "Apache License 2.0; a modified version of Droid Sans Fallback")


main()
