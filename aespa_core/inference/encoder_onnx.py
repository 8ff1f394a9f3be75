"""An encoder in ONNX Runtime with weights of 8 bits, for hosts without an accelerator."""

import copy
import logging
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import torch
from torch import nn

from aespa_core.datasets.heat.embeddings import Encode
from aespa_core.datasets.heat.pixels import standardised

OPSET: Final = 18


def onnx_int8(encoder: nn.Module) -> Encode:
    """Export an encoder, quantise the weights of its products to 8 bits, and run that.

    Images are run one by one: activations are quantised by the range of what is run together, and
    an embedding shall follow from its own image, whatever stood beside it.
    """
    import onnxruntime

    with tempfile.TemporaryDirectory(prefix="aespa-onnx-") as folder:
        model = quantised(encoder, Path(folder))
    options = onnxruntime.SessionOptions()
    # as many threads as torch was given, so that the comparison is fair
    options.intra_op_num_threads = torch.get_num_threads()
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])

    def encode(pixels: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
        given = standardised(pixels)
        rows = [session.run(None, {"pixels": one[None]})[0] for one in given]
        return np.concatenate(rows).astype(np.float32)

    return encode


def quantised(encoder: nn.Module, folder: Path) -> bytes:
    """Write an encoder as a quantised ONNX model of one image, in one piece."""
    from onnxruntime.quantization import QuantType, quantize_dynamic

    plain, small = folder / "plain.onnx", folder / "int8.onnx"
    copied = copy.deepcopy(encoder).cpu().eval()
    px = int(getattr(encoder, "image_px"))  # noqa: B009 (a module's attributes are untyped)
    with silent(), torch.inference_mode():
        torch.onnx.export(
            copied,
            (torch.zeros(1, 3, px, px),),
            plain,
            input_names=["pixels"],
            output_names=["rows"],
            opset_version=OPSET,
            dynamo=True,
            external_data=False,
            verbose=False,
        )
        # a scale for each output: half the error of one scale for all, at the same speed
        quantize_dynamic(
            plain,
            small,
            op_types_to_quantize=["MatMul", "Gemm"],
            per_channel=True,
            weight_type=QuantType.QInt8,
        )
    return small.read_bytes()


@contextmanager
def silent() -> Iterator[None]:
    """Keep the exporter from telling of its own parts: packages it lacks, names it gave up."""
    level = logging.root.manager.disable
    logging.disable(logging.WARNING)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(level)
