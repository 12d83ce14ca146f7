// Draws each [data-chart] from the table it names: the table is the truth, the
// chart its picture. Bars start at zero. One hue.
'use strict';

(function () {
  function colour(name) {
    return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  }

  function read(table) {
    var out = { names: [], values: [], texts: [] };
    table.querySelectorAll('tbody tr').forEach(function (tr) {
      var cell = tr.querySelector('[data-value]');
      out.names.push(tr.cells[0].textContent.trim());
      out.values.push(cell.dataset.value === '' ? null : Number(cell.dataset.value));
      out.texts.push(cell.textContent.trim());
    });
    return out;
  }

  function draw(box) {
    var data = read(document.getElementById(box.dataset.table));
    var small = box.clientWidth < 480;
    var label = function (t) { return small ? t.replace(/\.0+$/, '') : t; }; // 100.00 eleven times does not fit a phone
    var years = new Set(data.names.map(function (n) { return n.slice(0, 4); }));
    var chart = echarts.init(box, null, { renderer: 'canvas' });
    chart.setOption({
      animation: false,
      aria: { enabled: false },
      grid: { left: 8, right: 8, top: 28, bottom: 8, containLabel: true },
      xAxis: {
        type: 'category', data: data.names,
        axisTick: { show: false },
        axisLine: { lineStyle: { color: colour('--dh-line') } },
        axisLabel: { color: colour('--dh-soft'), interval: data.names.length > 13 ? 'auto' : 0,
          formatter: function (n) { return years.size > 1 && !small ? n.slice(2) : String(Number(n.slice(5))); } }
      },
      yAxis: { type: 'value', axisLabel: { show: false }, splitLine: { lineStyle: { color: colour('--dh-line') } } },
      series: [{
        type: box.dataset.chart, data: data.values, barMaxWidth: 42,
        itemStyle: { color: colour('--dh-hue') },
        label: { show: data.names.length <= 13, position: 'top', color: colour('--dh-ink'), fontSize: small ? 10 : 12,
          formatter: function (p) { return label(data.texts[p.dataIndex]); } }
      }]
    });
    window.addEventListener('resize', function () { chart.resize(); });
  }

  document.querySelectorAll('[data-chart]').forEach(draw);
})();
