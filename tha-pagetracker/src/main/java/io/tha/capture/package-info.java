/** From written lines to frames: reverse look-up, diff against the committed image, widening to elements. */
package io.tha.capture;
