/** What the engine costs: classes by the question that they answer, each with its baseline. docs/performance.md has the answers. */
package io.tha.benchmarks;
