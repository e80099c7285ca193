/// How measurements are shown: figures, tables in Markdown, lines over logarithmic axes as SVG, and
/// where and when something was measured.
///
/// For programs that measure. Knows nothing of what is measured.
@NullMarked
package dev.tasko.report;

import org.jspecify.annotations.NullMarked;
