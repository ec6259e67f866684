"""PDF operators that place the glyphs of a run."""

from audit_app.reports.text.face import Face, Shaped

_SLACK = 0.01
_LEAST_KERN = 0.05


def number(value: float) -> str:
    """A number as PDF writes it: at most three decimals, none for nothing."""
    return f"{value:.3f}".rstrip("0").rstrip(".") or "0"


def glyph_operators(shaped: Shaped, codes: list[str], face: Face, size: float) -> list[str]:
    """TJ with kerning, Ts where a mark is raised."""
    natural = [face.width_of(index) for index in shaped.indices]
    if shaped.offsets is None:
        if all(
            abs(width - advance) < _LEAST_KERN
            for width, advance in zip(natural, shaped.advances, strict=True)
        ):
            return [f"<{''.join(codes)}> Tj"]
        return [f"[{_kerned(codes, natural, shaped.advances)}] TJ"]
    return _raised(shaped, codes, natural, size)


def _kerned(codes: list[str], natural: list[float], advances: tuple[float, ...]) -> str:
    parts: list[str] = []
    start = 0
    for place, (width, advance) in enumerate(zip(natural, advances, strict=True), 1):
        if abs(width - advance) >= _LEAST_KERN:
            parts.append(f"<{''.join(codes[start:place])}>{number(width - advance)}")
            start = place
    if start < len(codes):
        parts.append(f"<{''.join(codes[start:])}>")
    return "".join(parts)


def _raised(shaped: Shaped, codes: list[str], natural: list[float], size: float) -> list[str]:
    out: list[str] = []
    parts: list[str] = []
    glyphs: list[str] = []
    carry = rise = 0.0

    def flush() -> None:
        if glyphs:
            parts.append(f"<{''.join(glyphs)}>")
            glyphs.clear()

    def emit() -> None:
        flush()
        if parts:
            out.append(f"[{' '.join(parts)}] TJ")
            parts.clear()

    rows = zip(codes, natural, shaped.advances, shaped.offsets or (), strict=True)
    for code, width, advance, (dx, dy) in rows:
        if abs(dy - rise) > _SLACK:
            emit()
            rise = dy
            out.append(f"{number(rise * size / 1000)} Ts")
        kern = carry - dx
        if abs(kern) > _LEAST_KERN:
            flush()
            parts.append(number(kern))
        glyphs.append(code)
        carry = width - advance + dx
    emit()
    if rise:
        out.append("0 Ts")
    return out
