"""What the figures come to: ratios of times measured in the same run; more is better for speed."""

from .workloads import CONVOLUTIONS, POOLS

DEFAULT, LAST = "torch default", "torch channels-last"
WAYS = ("rows", "block")


def ratios(by_threads):
    """Return {key: number} from {threads: what measure.everything returned}; without torch, fewer."""
    one, two = by_threads[1], by_threads[2]
    step, step_2 = one["times"]["E"], two["times"]["E"]
    found = {"step_E_of_gemm_floor": step["floor"] / step["fast"]}
    if one["torch"]:
        found |= {
            "step_E_vs_torch_channels_last": step[LAST] / step["fast"],
            "step_E_vs_torch_default": step[DEFAULT] / step["fast"],
            "step_E_vs_torch_best_2_threads": min(step_2[DEFAULT], step_2[LAST]) / step_2["fast"],
            "step_F_vs_torch_default": over(one, "F", "fast", DEFAULT),
        }
        for name in CONVOLUTIONS | POOLS:
            kind = "conv" if name in CONVOLUTIONS else "pool"
            for way in (*WAYS, *({"winograd"} & one["times"][name].keys())):
                found[f"{kind}_{name}_{way}_vs_torch_default"] = over(one, name, way, DEFAULT)
                found[f"{kind}_{name}_{way}_vs_torch_channels_last"] = over(one, name, way, LAST)
    for way in WAYS:
        found[f"conv_B5_{way}_vs_im2col"] = over(one, "B5", way, "im2col")
        found[f"conv_B5_{way}_vs_naive"] = one["naive"]["B5"] / one["times"]["B5"][way]
        found[f"conv_peak_memory_of_im2col_{way}"] = max(
            used[way] / used["im2col"] for used in one["memory_bytes"].values()
        )
        found[f"conv_batch_off_linear_{way}"] = off_linear(one["growth"]["batch"], way)
    return {key: round(value, 3) for key, value in found.items()}


def over(measured, name, way, rival):
    """Return how many times as fast as a rival a way is."""
    return measured["times"][name][rival] / measured["times"][name][way]


def off_linear(growth, way):
    """Return by how much the time for an image changes at most, as a part of that in the batch of 100."""
    for_an_image = {int(N): found[way] / int(N) for N, found in growth.items()}
    return max(abs(value / for_an_image[100] - 1) for value in for_an_image.values())
