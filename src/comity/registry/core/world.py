"""Where a place of the Earth stands on a flat map whose equal areas are equal.

The Equal Earth projection of Šavrič, Patterson and Jenny (2018), for a sphere of radius 1, turned so that the meridian
of the middle is 11 degrees east: no land but the easternmost islands is cut by the map's edge.
"""

from math import asin, cos, radians, sin, sqrt

MIDDLE = 11.0
"""The meridian of the map's middle, in degrees east: the cut runs through the Bering Strait."""
_A1, _A2, _A3, _A4 = 1.340264, -0.081106, 0.000893, 0.003796


def projected(longitude: float, latitude: float) -> tuple[float, float]:
    """The place of a point given in degrees: x grows eastward within ±2.71, y northward within ±1.32."""
    turned = radians((longitude - MIDDLE + 180) % 360 - 180)
    slant = asin(sqrt(3) / 2 * sin(radians(latitude)))
    return turned * _breadth(slant), _height(slant)


def _height(slant: float) -> float:
    return _A1 * slant + _A2 * slant**3 + _A3 * slant**7 + _A4 * slant**9


def _breadth(slant: float) -> float:
    stretch = _A1 + 3 * _A2 * slant**2 + 7 * _A3 * slant**6 + 9 * _A4 * slant**8
    return 2 * sqrt(3) * cos(slant) / (3 * stretch)
