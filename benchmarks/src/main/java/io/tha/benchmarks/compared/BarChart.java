package io.tha.benchmarks.compared;

import java.awt.Color;
import java.awt.Rectangle;
import java.io.IOException;
import java.nio.file.Path;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.Locale;
import org.jfree.chart.ChartFactory;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.axis.LogAxis;
import org.jfree.chart.axis.NumberTickUnit;
import org.jfree.chart.labels.StandardCategoryItemLabelGenerator;
import org.jfree.chart.plot.CategoryPlot;
import org.jfree.chart.plot.PlotOrientation;
import org.jfree.chart.renderer.category.BarRenderer;
import org.jfree.chart.renderer.category.StandardBarPainter;
import org.jfree.data.category.DefaultCategoryDataset;
import org.jfree.svg.SVGGraphics2D;
import org.jfree.svg.SVGUtils;

/** The median of each contender as a bar, on a logarithmic axis. */
final class BarChart {
    private static final Rectangle AREA = new Rectangle(720, 300);
    private static final DecimalFormat FORMAT = new DecimalFormat("#,##0.##", DecimalFormatSymbols.getInstance(Locale.ROOT));
    /** Of the end of the axis to the greatest value: room for its figure. */
    private static final double ROOM = 4;

    private BarChart() {}

    /** Writes it as SVG. */
    static void write(Rounds rounds, Path file) throws IOException {
        SVGGraphics2D graphics = new SVGGraphics2D(AREA.width, AREA.height);
        of(rounds).draw(graphics, AREA);
        SVGUtils.writeToSVG(file.toFile(), graphics.getSVGElement());
    }

    private static JFreeChart of(Rounds rounds) {
        System.setProperty("java.awt.headless", "true");
        DefaultCategoryDataset medians = new DefaultCategoryDataset();
        double least = Double.MAX_VALUE;
        double most = 0;
        for (Contender contender : rounds.contenders()) {
            double median = Rounds.median(rounds.sorted(contender));
            medians.addValue(median, "median", contender.label());
            least = Math.min(least, median);
            most = Math.max(most, median);
        }
        JFreeChart chart = ChartFactory.createBarChart(rounds.title(), null, null, medians, PlotOrientation.HORIZONTAL, false, false, false);
        LogAxis axis = new LogAxis();
        axis.setTickUnit(new NumberTickUnit(1, FORMAT));
        axis.setRange(Math.pow(10, Math.floor(Math.log10(least)) - 1), most * ROOM);
        CategoryPlot plot = chart.getCategoryPlot();
        plot.setRangeAxis(axis);
        plot.setBackgroundPaint(Color.WHITE);
        plot.setRangeGridlinePaint(Color.LIGHT_GRAY);
        BarRenderer bars = (BarRenderer) plot.getRenderer();
        bars.setBarPainter(new StandardBarPainter());
        bars.setShadowVisible(false);
        bars.setDefaultItemLabelGenerator(new StandardCategoryItemLabelGenerator("{2}", FORMAT));
        bars.setDefaultItemLabelsVisible(true);
        return chart;
    }
}
