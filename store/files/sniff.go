package files

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"image"
	_ "image/gif"  // known by content
	_ "image/jpeg" // known by content
	_ "image/png"  // known by content
	"io"
	"net/http"
	"path"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"

	"github.com/dinghai/dinghai/domain"
)

// Bounds of what a file may become when opened.
const (
	maxPixels   = 120_000_000
	maxText     = 5 << 20
	maxUnpacked = 300 << 20
	maxParts    = 20_000
)

func wrong(rule, zh, en string) error { return domain.Fail(domain.Invalid, "file", rule, zh, en) }

var (
	errType = wrong("type", "这个文件的内容不是可以上传的类型；可以上传照片(JPEG、PNG、WebP、GIF)、PDF、Word(.docx)、Excel(.xlsx)、文本、录像(MP4)和录音(MP3、M4A)",
		"the content of this file is of no kind that can be uploaded; photographs (JPEG, PNG, WebP, GIF), PDF, .docx, .xlsx, text, MP4, MP3 and M4A can")
	errTwofold = wrong("twofold", "这个文件同时是另一种文件，为安全起见不能上传；请用原来的软件另存后再上传", "this file is also of another kind and is refused for safety; save it anew with the program it comes from")
	errBroken  = wrong("broken", "这个文件已损坏，打不开，请重新选择", "this file is damaged and cannot be opened; choose another")
	errBomb    = wrong("bomb", "这个文件展开后过大，不能上传，请拆分或者转成 PDF", "this file grows too large when opened; split it or turn it into PDF")
	errMacro   = wrong("macro", "这个文件含有宏，为安全起见不能上传；请另存为不含宏的文件", "this file holds macros and is refused for safety; save it without them")
)

// Sniff tells the type of content by the content alone, one of
// domain.FileTypes, and refuses what is broken, of two kinds at once or would
// burst when opened.
func Sniff(r io.ReaderAt, size int64) (string, error) {
	head := make([]byte, 1024)
	n, err := r.ReadAt(head, 0)
	if err != nil && err != io.EOF { //nolint:errorlint // as io.ReaderAt says
		return "", err
	}
	head = head[:n]
	typ := byMark(head, size)
	switch typ {
	case "":
		return plainText(r, size)
	case "zip":
		return office(r, size)
	case "jpeg", "png", "gif":
		if err := picture(io.NewSectionReader(r, 0, size), typ); err != nil {
			return "", err
		}
	}
	return typ, single(r, size, head, typ)
}

func byMark(b []byte, size int64) string {
	has := func(at int, s string) bool { return len(b) >= at+len(s) && string(b[at:at+len(s)]) == s }
	switch {
	case has(0, "\xff\xd8\xff"):
		return "jpeg"
	case has(0, "\x89PNG\r\n\x1a\n"):
		return "png"
	case has(0, "GIF87a"), has(0, "GIF89a"):
		return "gif"
	case has(0, "RIFF") && has(8, "WEBPVP8") && int64(binary.LittleEndian.Uint32(b[4:]))+8 == size:
		return "webp"
	case has(0, "%PDF-1."), has(0, "%PDF-2."):
		return "pdf"
	case has(0, "PK\x03\x04"):
		return "zip"
	case has(4, "ftyp"):
		return movie(b)
	case has(0, "ID3") || len(b) > 3 && b[0] == 0xff && b[1]&0xe6 == 0xe2 && b[2]>>4 != 0xf && b[2]>>4 != 0 && b[2]>>2&3 != 3:
		return "mp3"
	}
	return ""
}

// movie reads the major brand of an ISO base media file.
func movie(b []byte) string {
	if len(b) < 12 {
		return "unknown"
	}
	switch string(b[8:12]) {
	case "M4A ", "M4B ":
		return "m4a"
	case "isom", "iso2", "iso4", "iso5", "iso6", "mp41", "mp42", "avc1", "M4V ", "MSNV", "3gp4", "3gp5", "dash":
		return "mp4"
	}
	return "unknown" // HEIC photographs, QuickTime
}

func picture(r io.Reader, typ string) error {
	c, got, err := image.DecodeConfig(r)
	if err != nil || got != typ || c.Width < 1 || c.Height < 1 {
		return errBroken
	}
	if int64(c.Width)*int64(c.Height) > maxPixels {
		return errBomb
	}
	return nil
}

// single refuses content that another program would take for something else.
func single(r io.ReaderAt, size int64, head []byte, typ string) error {
	if typ == "unknown" {
		return errType
	}
	low := bytes.ToLower(head)
	for _, mark := range []string{"<script", "<html", "<!doctype", "<svg", "<?php"} {
		if bytes.Contains(low, []byte(mark)) {
			return errTwofold
		}
	}
	if typ != "pdf" && bytes.Contains(head, []byte("%PDF-")) {
		return errTwofold
	}
	if _, err := zip.NewReader(r, size); err == nil {
		return errTwofold
	}
	return nil
}

// plainText takes UTF-8 and GB18030 without control characters.
func plainText(r io.ReaderAt, size int64) (string, error) {
	if size > maxText {
		return "", errType
	}
	b, err := io.ReadAll(io.NewSectionReader(r, 0, size))
	if err != nil {
		return "", err
	}
	if !utf8.Valid(b) {
		if b, err = simplifiedchinese.GB18030.NewDecoder().Bytes(b); err != nil || bytes.ContainsRune(b, utf8.RuneError) {
			return "", errType
		}
	}
	if kind := http.DetectContentType(b); !strings.HasPrefix(kind, "text/plain") || bytes.HasPrefix(bytes.TrimSpace(b), []byte("<")) {
		return "", errType // pages and drawings run where they are opened
	}
	for _, c := range string(b) {
		if c < 0x20 && c != '\n' && c != '\r' && c != '\t' && c != '\f' || c == 0x7f {
			return "", errType
		}
	}
	return "txt", nil
}

// office opens a package of parts and counts what it unpacks to: sizes a file
// claims are not believed.
func office(r io.ReaderAt, size int64) (string, error) {
	z, err := zip.NewReader(r, size)
	if err != nil {
		return "", errBroken
	}
	if len(z.File) > maxParts {
		return "", errBomb
	}
	typ, types := "", false
	left := int64(maxUnpacked)
	for _, f := range z.File {
		name := strings.ToLower(f.Name)
		switch {
		case path.IsAbs(name) || strings.Contains(name, `\`) || strings.Contains("/"+name+"/", "/../") || f.Flags&1 != 0:
			return "", errBroken
		case strings.HasSuffix(name, "vbaproject.bin"):
			return "", errMacro
		case name == "[content_types].xml":
			types = true
		case name == "word/document.xml":
			typ = "docx"
		case name == "xl/workbook.xml":
			typ = "xlsx"
		}
		n, err := unpacked(f, left)
		if left -= n; left <= 0 {
			return "", errBomb
		}
		if err != nil {
			return "", errBroken
		}
	}
	if !types || typ == "" {
		return "", errType
	}
	return typ, nil
}

func unpacked(f *zip.File, most int64) (int64, error) {
	if f.UncompressedSize64 > uint64(most) {
		return most, nil
	}
	r, err := f.Open()
	if err != nil {
		return 0, err
	}
	defer r.Close()
	return io.Copy(io.Discard, io.LimitReader(r, most))
}

// extensions are the endings a type may have; the first is given to names
// that have none of them.
var extensions = map[string][]string{
	"jpeg": {".jpg", ".jpeg", ".jpe", ".jfif"}, "png": {".png"}, "webp": {".webp"}, "gif": {".gif"}, "pdf": {".pdf"}, "docx": {".docx"}, "xlsx": {".xlsx"},
	"txt": {".txt", ".md", ".csv", ".log"}, "mp4": {".mp4", ".m4v", ".3gp"}, "mp3": {".mp3"}, "m4a": {".m4a", ".m4b"},
}

// named makes a name whose ending agrees with what the file is.
func named(name, typ string) string {
	name = domain.CleanFileName(name)
	for _, ext := range extensions[typ] {
		if strings.HasSuffix(strings.ToLower(name), ext) && len(name) > len(ext) {
			return name
		}
	}
	if name == "" {
		name = "file"
	}
	if r := []rune(name); len(r) > domain.MaxFileName-5 {
		name = string(r[:domain.MaxFileName-5])
	}
	return name + extensions[typ][0]
}
