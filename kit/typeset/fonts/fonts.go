// Package fonts holds free typefaces for the families of Chinese official
// documents, embedded, and takes a bureau's own from a folder.
//
// They are subsets, made by subset.py, of Noto Serif SC, Noto Sans SC and a
// Chinese Kai face (SIL Open Font License 1.1) and of Droid Sans Fallback
// (Apache License 2.0); the licences are in the folder data. Together they show
// the 8,105 general standard characters (2013), all of CJK Unified Ideographs
// 4E00–9FFF and Extension A, and some hundred rarer ones. No free FangSong
// exists in a package archive: Song stands in for it until a bureau loads one.
package fonts

import (
	"bytes"
	"compress/gzip"
	"embed"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"strings"

	"github.com/dinghai/dinghai/kit/typeset"
	"github.com/dinghai/dinghai/kit/typeset/truetype"
)

//go:embed data/*.ttf.gz
var data embed.FS

var embedded = sets()

// Embedded returns the embedded fonts. Each is unpacked when a text first needs
// it, once per process. The result may be added to.
func Embedded() *typeset.Fonts { return embedded.Clone() }

func sets() *typeset.Fonts {
	s := typeset.NewFonts()
	song := unpack("song")
	s.Append(typeset.FangSong, song)
	s.Append(typeset.SongTi, song)
	s.Append(typeset.XiaoBiaoSong, unpack("title"))
	s.Append(typeset.HeiTi, unpack("hei"))
	s.Append(typeset.KaiTi, unpack("kai"))
	s.Append("", song)
	s.Append("", unpack("rare"))
	return s
}

func unpack(name string) typeset.Loader {
	return typeset.Once(func() (*truetype.Font, error) {
		packed, err := data.Open("data/" + name + ".ttf.gz")
		if err != nil {
			return nil, err
		}
		defer packed.Close()
		z, err := gzip.NewReader(packed)
		if err != nil {
			return nil, err
		}
		// The length is known to be about this; growing would double it.
		b := bytes.NewBuffer(make([]byte, 0, 5<<20))
		if _, err := b.ReadFrom(z); err != nil {
			return nil, err
		}
		return truetype.Parse(b.Bytes())
	})
}

// maxFile bounds a font file; the largest Chinese ones are some 40 MB.
const maxFile = 64 << 20

// maxFiles bounds the fonts taken from a folder.
const maxFiles = 200

// A Found is a font taken from a folder.
type Found struct {
	File     string
	Names    []string
	Families []typeset.Family // that it now leads, none if its names tell nothing
}

// Folder returns the embedded fonts led by those of a folder, so that texts use
// the bureau's own first. Which family a font serves is read from its names. It
// reports what it took; a file that cannot be used is an error naming it, with
// the other fonts taken all the same.
func Folder(dir fs.FS) (*typeset.Fonts, []Found, error) {
	s := Embedded()
	entries, err := fs.ReadDir(dir, ".")
	if err != nil {
		return s, nil, fmt.Errorf("fonts: %w", err)
	}
	var found []Found
	var problems []error
	for _, e := range entries {
		ext := strings.ToLower(path.Ext(e.Name()))
		if e.IsDir() || (ext != ".ttf" && ext != ".ttc" && ext != ".otf") {
			continue
		}
		if len(found) >= maxFiles {
			problems = append(problems, fmt.Errorf("fonts: more than %d files", maxFiles))
			break
		}
		fonts, err := readFile(dir, e.Name())
		if err != nil {
			problems = append(problems, fmt.Errorf("fonts: %s: %w", e.Name(), err))
			continue
		}
		for _, f := range fonts {
			families := serves(f.Names)
			for _, name := range families {
				s.Prefer(name, typeset.Loaded(f))
			}
			found = append(found, Found{e.Name(), f.Names, families})
		}
	}
	return s, found, errors.Join(problems...)
}

func readFile(dir fs.FS, name string) ([]*truetype.Font, error) {
	f, err := dir.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	if err != nil {
		return nil, err
	}
	if len(b) > maxFile {
		return nil, fmt.Errorf("larger than %d MB", maxFile>>20)
	}
	return truetype.ParseCollection(b)
}

// names of fonts that serve a family, in parts of lower case. The order
// matters: FangSong and XiaoBiaoSong hold the word Song.
var names = []struct {
	family typeset.Family
	parts  []string
}{
	{typeset.FangSong, []string{"仿宋", "fangsong"}},
	{typeset.XiaoBiaoSong, []string{"小标宋", "xiaobiaosong", "xbs", "标题宋", "中标宋", "大标宋"}},
	{typeset.KaiTi, []string{"楷", "kaiti", "simkai", "kai"}},
	{typeset.HeiTi, []string{"黑体", "simhei", "hei"}},
	{typeset.SongTi, []string{"宋", "simsun", "song"}},
}

func serves(all []string) []typeset.Family {
	for _, n := range names {
		for _, name := range all {
			for _, part := range n.parts {
				if strings.Contains(strings.ToLower(name), part) {
					return []typeset.Family{n.family}
				}
			}
		}
	}
	return nil
}
