/** The engine beside other ways to keep the state of a second process up to date: the same load, the same harness, in turns; docs/performance. */
package io.tha.benchmarks.compared;
