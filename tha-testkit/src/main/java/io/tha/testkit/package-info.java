/**
 * Tools of the tests: child JVMs, directories and seeds; knows nothing of the product.
 */
package io.tha.testkit;
