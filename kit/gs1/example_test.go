package gs1_test

import (
	"errors"
	"fmt"

	"github.com/dinghai/dinghai/kit/gs1"
)

// A gun that reads the DataMatrix of a bottle and a phone that reads its QR
// code give the same record.
func Example() {
	gun, err := gs1.ParseScan("]d20106901234567892" + "17261231" + "10LOT7")
	if err != nil {
		fmt.Println(err)
		return
	}
	phone, err := gs1.ParseScan("]Q1https://shop.example/01/06901234567892/10/LOT7?17=261231")
	if err != nil {
		fmt.Println(err)
		return
	}
	a, _ := gun.Message.CanonicalURI()
	b, _ := phone.Message.CanonicalURI()
	fmt.Println(a)
	fmt.Println(a == b)
	// Output:
	// https://id.gs1.org/01/06901234567892/10/LOT7?17=261231
	// true
}

func ExampleParseURI() {
	m, err := gs1.ParseURI("https://example.com/01/06901234567892/21/A%2F1?3103=000195")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(m)
	for _, e := range m.Elements() {
		fmt.Println(e.AI, e.Entry().Title, e.Value)
	}
	// Output:
	// (01)06901234567892(21)A/1(3103)000195
	// 01 GTIN 06901234567892
	// 21 SERIAL A/1
	// 3103 NET WEIGHT (kg) 000195
}

func ExampleError() {
	_, err := gs1.ParseBracketed("(01)06901234567893")
	var e *gs1.Error
	if errors.As(err, &e) {
		fmt.Println(e.AI, e.Pos, e.Reason)
		fmt.Println(e.Markup())
	}
	// Output:
	// 01 13 INCORRECT_CHECK_DIGIT
	// (01)0690123456789|3|
}

func ExampleCompress() {
	short, _ := gs1.Compress("https://id.gs1.org/01/12312312312326/21/abc123", true)
	fmt.Println(short)
	plain, _ := gs1.Decompress(short)
	fmt.Println(plain)
	// Output:
	// https://id.gs1.org/DBZlXgDkDE1XgkY
	// https://id.gs1.org/01/12312312312326/21/abc123
}
