package engine

import (
	"strconv"
	"strings"

	"github.com/dinghai/dinghai/domain"
)

const maxFileValue = 300

// file checks the shape of a file's value; that the file is there is checked by
// whoever took it in.
func (c *checker) file(path, typ, s string) any {
	v, err := domain.ParseFile(s)
	switch {
	case err != nil:
		return c.fail(path, "file", "文件没有完整上传，请重新选择文件", "the file was not uploaded whole; choose it again")
	case typ != "file" && !v.Image():
		return c.fail(path, "file", "这里应为照片，「%s」不是", "this takes a photograph; %q is none", short(v.Name))
	}
	return s
}

// location checks "latitude,longitude" in degrees of WGS 84, in or near China.
func (c *checker) location(path, s string) any {
	lat, lng, _ := strings.Cut(strings.NewReplacer(" ", "", "，", ",").Replace(s), ",")
	y, err1 := strconv.ParseFloat(lat, 64)
	x, err2 := strconv.ParseFloat(lng, 64)
	if err1 != nil || err2 != nil || !(y >= 3 && y <= 54) || !(x >= 73 && x <= 136) {
		return c.fail(path, "location", "「%s」不是有效位置，应为纬度,经度，如 30.0131,122.1069", "%q is no place in China; write latitude,longitude, like 30.0131,122.1069", short(s))
	}
	return strconv.FormatFloat(y, 'f', 6, 64) + "," + strconv.FormatFloat(x, 'f', 6, 64)
}
