package catalogue_test

import (
	"os"
	"testing"

	"github.com/dinghai/dinghai/catalogue"
	"github.com/dinghai/dinghai/journey/journeytest"
)

// TestLaw: citations as English readers find them: names from the list, orders,
// years and articles by their form.
func TestLaw(t *testing.T) {
	c, err := catalogue.Load(journeytest.Base(os.DirFS("../systems")))
	if err != nil {
		t.Fatal(err)
	}
	for zh, en := range map[string]string{
		"":      "",
		"行政处罚法": "Administrative Penalty Law",
		"行政处罚法(2021年修订)第三十六条":         "Administrative Penalty Law (rev. 2021), art. 36",
		"食品安全法第一百零九条":                 "Food Safety Law, art. 109",
		"市场监督管理投诉举报处理办法(总局令第121号)第十条": "Measures for Handling Complaints and Reports to Market Regulators (SAMR Order 121), art. 10",
		"食品安全抽样检验管理办法第三十条至第三十五条":      "Measures for Food Safety Sampling and Inspection, art. 30–35",
		"专利法第六十五条、第六十六条第二款":           "Patent Law, art. 65, 66 para. 2",
		"实施细则第四十八条第三项":                "Rules for the Implementation of the Regulation on the Registration of Market Entities, art. 48 (3)",
		"计量法实施细则、强制检定管理办法":            "Rules for the Implementation of the Metrology Law, Measures for Compulsory Verification",
		"特种设备安全法第六十二条；安全监察指令书":        "Special Equipment Safety Law, art. 62; the safety instruction",
		"本局设定":                        "Set by the bureau",
		"JJG 443 燃油加油机检定规程":           "JJG 443 Verification Regulation of Fuel Dispensers",
		"JJG 1148-2022、JJG 1149-2022": "JJG 1148-2022, JJG 1149-2022",
		"国发〔2019〕5号":                  "Guofa [2019] No. 5",
		"食品经营许可管理办法(原食品药品监管总局令第17号)":              "Measures for Food Business Licensing (CFDA Order 17)",
		"市场监督管理行政处罚信息公示规定(总局令第45号,2025年第108号令修正)": "Provisions on Publishing Information on Administrative Penalties in Market Regulation (SAMR Order 45, amended by Order 108 of 2025)",
		"浙江省海岛渔家管理办法第三条":                          "浙江省海岛渔家管理办法, art. 3", // nobody gave it a name
	} {
		if got := c.Law(zh, "en"); got != en {
			t.Errorf("%s:\n%s\nnot\n%s", zh, got, en)
		}
		if got := c.Law(zh, "zh"); got != zh {
			t.Errorf("in Chinese %s became %s", zh, got)
		}
	}
	own := catalogue.Text{ZH: "行政处罚法", EN: "As the bureau says it"}
	if got := c.Cited(own, "en"); got != own.EN {
		t.Errorf("an English wording of its own gave way to %s", got)
	}
}
