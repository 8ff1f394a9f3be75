"""Images → numbers: the five physical proxies of photos and tiles, published and mended."""
