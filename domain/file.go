package domain

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// File is the value of a field that holds a file. The content lies encrypted
// under its own address; whoever has the value can read it, so a value in a
// sealed field is as unreadable as the field once the record's key is gone.
type File struct {
	Sum  string // address: SHA-256 of the encrypted content, hex
	Key  string // AES-256 key of this content alone, base64url without padding
	Size int64  // bytes of the plain content
	Type string // one of FileTypes
	Name string // what people call it
}

// FileTypes are the kinds of content taken, by the name a value gives them.
var FileTypes = map[string]string{
	"jpeg": "image/jpeg", "png": "image/png", "webp": "image/webp", "gif": "image/gif", "pdf": "application/pdf",
	"docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
	"xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
	"txt":  "text/plain; charset=utf-8", "mp4": "video/mp4", "mp3": "audio/mpeg", "m4a": "audio/mp4",
}

// FileMedia are the types of fields whose values are files.
func FileMedia(fieldType string) bool {
	return slices.Contains([]string{"file", "photo", "signature"}, fieldType)
}

// Limits of a file value.
const (
	MaxFile     = 50 << 20 // bytes of content
	MaxFileName = 100      // characters
)

var fileHead = regexp.MustCompile(`^([0-9a-f]{64})\.([A-Za-z0-9_-]{43}):([0-9]{1,9}):([a-z0-9]{2,5})$`)

// ParseFile reads a value written by String.
func ParseFile(s string) (File, error) {
	part := strings.SplitN(s, ":", 4)
	if len(part) == 4 {
		m := fileHead.FindStringSubmatch(strings.Join(part[:3], ":"))
		name := part[3]
		if m != nil && FileTypes[m[4]] != "" && name != "" && utf8.ValidString(name) && utf8.RuneCountInString(name) <= MaxFileName && CleanFileName(name) == name {
			n, err := strconv.ParseInt(m[3], 10, 64)
			if err == nil && n > 0 && n <= MaxFile {
				return File{Sum: m[1], Key: m[2], Size: n, Type: m[4], Name: name}, nil
			}
		}
	}
	return File{}, Fail(Invalid, "", "file", "文件没有完整上传，请重新选择文件", "the file was not uploaded whole; choose it again")
}

// String is the value as fields keep it: sum.key:size:type:name.
func (f File) String() string {
	return f.Sum + "." + f.Key + ":" + strconv.FormatInt(f.Size, 10) + ":" + f.Type + ":" + f.Name
}

// Image reports whether the content can be shown as a picture.
func (f File) Image() bool { return strings.HasPrefix(FileTypes[f.Type], "image/") }

// CleanFileName takes folders, control characters and what file systems cannot
// hold out of a name. It may give "".
func CleanFileName(s string) string {
	s = strings.ToValidUTF8(s, "")
	s = s[strings.LastIndexAny(s, `/\`)+1:]
	s = strings.Map(func(r rune) rune {
		switch {
		case r < 0x20 || r == 0x7f || strings.ContainsRune(`<>:"|?*`, r):
			return -1
		case r >= 0x80 && r < 0xa0, r >= 0x200b && r <= 0x200f, r >= 0x2028 && r <= 0x202e, r >= 0x2066 && r <= 0x2069, r == 0xfeff:
			return -1 // invisible, or turning the direction of reading
		}
		return r
	}, s)
	s = strings.TrimLeft(strings.TrimSpace(s), ".")
	if r := []rune(s); len(r) > MaxFileName {
		dot := strings.LastIndexByte(s, '.')
		ext := ""
		if dot >= 0 && len(s)-dot <= 6 {
			ext = s[dot:]
		}
		s = string(r[:MaxFileName-len([]rune(ext))]) + ext
	}
	return strings.TrimSpace(s)
}
