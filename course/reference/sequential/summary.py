"""A model as a table."""

ROW = "{:28}{:20}{:>12}"


def table(layers):
    """Return the layers as lines of text: name and kind, shape of a batch behind it, parameters."""
    lines = [ROW.format("Layer (type)", "Output shape", "Parameters")]
    lines.append("=" * len(lines[0]))
    for layer in layers:
        shape = f"({', '.join(map(str, (None, *layer.output_shape)))})"
        lines.append(ROW.format(f"{layer.name} ({type(layer).__name__})", shape, f"{layer.size:,}"))
    lines.append("=" * len(lines[0]))
    total = sum(layer.size for layer in layers)
    return "\n".join([*lines, f"Trainable parameters: {total:,}"])
