"""What the chapter on the essential matrix must keep true."""

# %% the pair: the right camera turned by eight degrees, beside the left one
np.testing.assert_allclose(R_true @ R_true.T, np.eye(3), atol=1e-12)
np.testing.assert_allclose(degrees_between(np.eye(3), R_true), 8)
np.testing.assert_allclose(R_true.T @ t_true, [-1, 0, 0], atol=1e-12)
assert tilted.shape == right.shape
assert tilted.dtype == np.uint8
back_ = cv2.warpPerspective(tilted, np.linalg.inv(move), size, flags=cv2.INTER_CUBIC)
shown_ = cv2.warpPerspective(np.ones(right.shape[:2]), move, size)
shown_ = cv2.warpPerspective(shown_, np.linalg.inv(move), size) > 0.99
assert shown_.mean() > 0.8
assert np.median(abs(back_.astype(float) - right)[shown_]) < 5
float_ = cv2.warpPerspective(right.astype(np.float32) / 255, move, size, flags=cv2.INTER_CUBIC)
assert abs(float_ * 255 - tilted).mean() < 2, "a float picture is not black"

# %% the matches: places that correspond, but for a few
assert x1.shape == x2.shape == (len(kept), 2)
assert 0.9 < kept.mean() < 1
_, _, disparity_ = data.stereo_motorcycle()
column_, row_ = np.rint(x1).astype(int).T
d_ = disparity_[row_, column_]
known_ = np.isfinite(d_) & kept
there_ = homogeneous(x1 - np.stack([d_, 0 * d_], -1)[:, :2]) @ move.T
with np.errstate(invalid="ignore"):
    miss_ = np.linalg.norm(there_[:, :2] / there_[:, 2:] - x2, axis=1)[known_]
assert np.mean(miss_ < 2) > 0.95
assert np.median(miss_) < 0.5
whole_ = (x1 == np.rint(x1)).all(1).mean()
assert whole_ < 0.1, "places between pixels"

# %% RANSAC: false matches go, the seed repeats, and it says how many it needs
import pytest

_, _, a_, b_ = make_scenes(1, 200, noise=0.5, outliers=0.3, seed=3)
mask_ = robust_inliers(a_[0], b_[0], 2.0)
assert mask_[60:].mean() > 0.9
assert mask_[:60].mean() < 0.2
assert (mask_ == robust_inliers(a_[0], b_[0], 2.0)).all()
assert robust_inliers(a_[0], b_[0], 0.3).sum() < mask_.sum()
assert robust_inliers(a_[0, 60:69], b_[0, 60:69], 2.0).shape == (9,)
for n_ in (0, 8):
    with pytest.raises(ValueError, match="at least 9"):
        robust_inliers(a_[0, :n_], b_[0, :n_], 2.0)

# %% conditioned points: centroid zero, mean length √2, whatever the units
for p_ in (x1, x2[:9], np.stack([x1[:30], 1000 + 0.01 * x2[:30]])):
    q_ = homogeneous(p_) @ conditioner(p_).mT
    np.testing.assert_allclose(q_[..., 2], 1)
    np.testing.assert_allclose(q_[..., :2].mean(-2), 0, atol=1e-9)
    np.testing.assert_allclose(np.linalg.norm(q_[..., :2], axis=-1).mean(-1), np.sqrt(2))
assert homogeneous(np.zeros((4, 5, 2))).shape == (4, 5, 3)

# %% the eight-point way: exact matches, few and many, one scene and several, another library
import pytest

for n_ in (8, 9, 50):
    R_, t_, a_, b_ = make_scenes(3, n_, seed=n_)
    F_ = normalised_eight_point(a_, b_)
    assert F_.shape == (3, 3, 3)
    np.testing.assert_allclose(np.linalg.norm(F_, axis=(1, 2)), 1)
    for F, R, t, a, b in zip(F_, R_, t_, a_, b_, strict=True):
        true_ = np.linalg.inv(K).T @ essential(R, t) @ np.linalg.inv(K)
        true_ /= np.linalg.norm(true_)
        assert min(abs(F - true_).max(), abs(F + true_).max()) < 1e-8
        assert abs(np.linalg.det(F)) < 1e-15
        np.testing.assert_allclose(normalised_eight_point(a, b), F, atol=1e-12)
_, _, a_, b_ = make_scenes(1, 60, noise=1.0, seed=1)
peer_ = cv2.findFundamentalMat(a_[0], b_[0], cv2.FM_8POINT)[0]
peer_ /= np.linalg.norm(peer_)
mine_ = normalised_eight_point(a_[0], b_[0])
assert min(abs(mine_ - peer_).max(), abs(mine_ + peer_).max()) < 1e-6
once_ = np.zeros((20, 2)) + [3.3, 4.1]
for given_ in (
    (a_[0, :7], b_[0, :7]),
    (a_[0], b_[0, :50]),
    (homogeneous(a_[0]), homogeneous(b_[0])),
    (a_[0][:, None], b_[0][:, None]),
):
    with pytest.raises(ValueError, match="N ≥ 8"):
        normalised_eight_point(*given_)
for given_ in ((once_, b_[0, :20]), (a_[0, :20], once_), (np.full((20, 2), np.nan), b_[0, :20])):
    with pytest.raises(ValueError, match="x1 or x2"):
        normalised_eight_point(*given_)

# %% an essential matrix: what it does to vectors, and its singular values and eigenvalues
rng_ = np.random.default_rng(2)
R_ = Rotation.random(50, rng=rng_).as_matrix()
t_ = rng_.normal(size=(50, 3))
E_ = essential(R_, t_)
v_ = rng_.normal(size=3)
np.testing.assert_allclose(E_ @ v_, np.cross(t_, R_ @ v_), atol=1e-12)
np.testing.assert_allclose(essential(R_[0], t_[0]), E_[0])
length_ = np.linalg.norm(t_, axis=1)
np.testing.assert_allclose(
    np.linalg.svd(E_, compute_uv=False), length_[:, None] * [1, 1, 0], atol=1e-12
)
for E, R, t in zip(E_, R_, t_, strict=True):
    found_ = sorted(np.linalg.eigvals(E), key=abs)[1:]
    np.testing.assert_allclose(np.prod(found_).real, t @ R @ t, atol=1e-10)
    np.testing.assert_allclose(2 * E @ E.T @ E, np.trace(E @ E.T) * E, atol=1e-10)
assert 0.3 < mirrored.mean() < 0.7

# %% four poses: rotations with the right E, none a mirror, refusals
import pytest

for E, R in zip(E_many[:50], turns_many[:50], strict=True):
    for A, u in decompose_essential(E):
        np.testing.assert_allclose(A @ A.T, np.eye(3), atol=1e-12)
        np.testing.assert_allclose(np.linalg.det(A), 1)
        np.testing.assert_allclose(np.linalg.norm(u), 1)
        unit_ = E / np.linalg.norm(E) * np.sqrt(2)
        again_ = essential(A, u)
        assert min(abs(again_ - unit_).max(), abs(again_ + unit_).max()) < 1e-12
    assert min(abs(A - R).max() for A, _ in decompose_essential(E)) < 1e-10
assert len(decompose_essential(E_pair.tolist())) == 4
for bad_ in (np.eye(3, 4), np.zeros((3, 3)), np.full((3, 3), np.nan), E_many[:2]):
    with pytest.raises(ValueError, match="E must be"):
        decompose_essential(bad_)

# %% the sign that the SVD may choose: the same E, and four mirrors
E_ring_ = essential(R_ring, t_ring)
U_, s_, Vt_ = np.linalg.svd(E_ring_)
flipped_ = U_ * [1, 1, -1]
np.testing.assert_allclose(flipped_ @ np.diag(s_) @ Vt_, E_ring_, atol=1e-12)
signs_ = [np.sign(np.linalg.det(R)) for Q in (U_, flipped_) for R, _ in four_poses(Q, Vt_)]
assert sorted(signs_) == [-1] * 4 + [1] * 4
whole_ = decompose_essential(E_ring_)
other_ = four_poses(flipped_, Vt_) if signs_[0] > 0 else four_poses(U_, Vt_)
for R, _ in other_:
    assert min(abs(R + S).max() for S, _ in whole_) < 1e-12, "minus one of the rotations"

# %% in front: the signs of the depths; a point at infinity votes, and not for a twisted pose
R_, t_, a_, b_ = make_scenes(4, 80, seed=6)
for R, t, a, b in zip(R_, t_, a_, b_, strict=True):
    r1_, r2_ = rays(a, K), rays(b, K)
    np.testing.assert_allclose(r1_[:, 2], 1)
    np.testing.assert_allclose(r1_ @ K.T, homogeneous(a))
    assert in_front(R, t, r1_, r2_).all()
    assert not in_front(R, -t, r1_, r2_).any()
    for S, u in list(sorted_poses(essential(R, t), R, t).values())[2:]:
        assert not in_front(S, u, r1_, r2_).any()
    half_ = r1_.copy()
    half_[:40] *= -1
    np.testing.assert_array_equal(in_front(R, t, half_, r2_), np.arange(80) >= 40)
far_ = np.eye(3)[[2, 2]]
quarter_ = np.diag([-1.0, -1.0, 1.0])
assert in_front(np.eye(3), np.eye(3)[0], far_, far_).all()
assert in_front(np.eye(3), -np.eye(3)[0], far_, far_).all()
assert np.isfinite(in_front(quarter_, np.eye(3)[0], far_, far_)).all()

# %% choosing: most points win, false matches do not matter, and half is not enough
import pytest

R, t, a, b = (v[0] for v in make_scenes(1, 100, outliers=0.3, seed=5))
E_ = essential(R, t)
S_, u_ = choose_pose(decompose_essential(E_), rays(a, K), rays(b, K))
np.testing.assert_allclose(S_, R, atol=1e-10)
np.testing.assert_allclose(u_ * np.linalg.norm(t), t, atol=1e-10)
with pytest.raises(ValueError, match="lie in front"):
    choose_pose([(R, -t)], rays(a, K), rays(b, K))

# %% names of the poses: the one given, its −t, and the twisted ones
named_ = sorted_poses(essential(R_true, t_true), R_true, t_true)
assert list(named_) == list(NAMES)
np.testing.assert_allclose(named_["R, t"][0], R_true, atol=1e-10)
np.testing.assert_allclose(named_["R, t"][1], t_true, atol=1e-10)
np.testing.assert_allclose(named_["R, −t"][1], -t_true, atol=1e-10)
np.testing.assert_allclose(named_["twisted, t"][1], t_true, atol=1e-10)
twist_ = named_["twisted, t"][0] @ R_true.T
np.testing.assert_allclose(twist_, 2 * np.outer(t_true, t_true) - np.eye(3), atol=1e-10)

# %% the ring: seen by both cameras, in front in one pose only
counts_ = [in_front(R, t, homogeneous(seen1), homogeneous(seen2)).sum() for R, t in poses.values()]
assert counts_ == [24, 0, 0, 0]
whole_ = ring @ R_ring.T + 4 * t_ring
assert (whole_[:, 2] > 0).all()
np.testing.assert_allclose(seen2, whole_[:, :2] / whole_[:, 2:])
np.testing.assert_allclose(np.linalg.norm(ring - [0, 0, 6.5], axis=1), 1.6)
np.testing.assert_allclose(-R_ring.T @ (4 * t_ring), [4, 0, 0], atol=1e-12)

# %% black images: two pictures filled, two black; of the mirrors none straight
filled_ = {name: result[1] for name, result in straight.items()}
rows_ = {name: result[2] for name, result in straight.items()}
votes_ = {name: in_front(*pose, q1, q2).mean() for name, pose in candidates.items()}
assert min(filled_["R, t"], filled_["R, −t"]) > 0.8
assert max(rows_["R, t"], rows_["R, −t"]) < 5
assert good == ["R, t", "R, −t"]
for name in NAMES[2:]:
    assert filled_[name] == filled_[f"mirror, {name}"] == 0
for name in NAMES:
    assert rows_[f"mirror, {name}"] > 100
np.testing.assert_array_equal(straight["R, t"][0], straight["R, −t"][0])
assert abs(straight["R, t"][0].astype(float) - left).mean() < 60
assert votes_["R, t"] > 0.99
assert max(votes_[f"mirror, {name}"] for name in NAMES) > 0.5
for name, (R, _) in candidates.items():
    np.testing.assert_allclose(np.linalg.det(R), -1 if "mirror" in name else 1)
seen_ = (straight["R, t"][0].sum(-1) > 0).mean()
np.testing.assert_allclose(seen_, filled_["R, t"], atol=0.03)

# %% equal singular values, the same poses; and the distance that compares them
for E in (E_asker, E_pair):
    np.testing.assert_allclose(np.linalg.svd(equalised(E))[1], [1, 1, 0], atol=1e-12)
    assert candidate_gap(decompose_essential(E), decompose_essential(equalised(E))) < 1e-13
unlike_ = [(R, t + [0, 0, 0.1]) for R, t in decompose_essential(E_pair)]
np.testing.assert_allclose(candidate_gap(unlike_, decompose_essential(E_pair)), 0.1)
assert candidate_gap([(np.eye(3), t_true)], [(np.eye(3) + 0.3, t_true)]) > 0.29
nearest_ = E_pair / np.linalg.norm(E_pair) - equalised(E_pair) / np.sqrt(2)
assert np.linalg.norm(nearest_) < 0.01

# %% scenes: the pose fits the matches, noise and outliers are what was asked for
R_, t_, a_, b_ = make_scenes(6, 50, baseline=0.1, seed=1)
np.testing.assert_allclose(np.linalg.norm(t_, axis=1), 0.45)
q_ = np.einsum("sni,sij,snj->sn", rays(b_, K), essential(R_, t_), rays(a_, K))
np.testing.assert_allclose(q_, 0, atol=1e-12)
spread_ = np.array([degrees_between(np.eye(3), R) for R in make_scenes(300, 8)[0]])
assert 6 < np.sqrt(np.mean(spread_**2)) < 11
clean_, noisy_ = (make_scenes(6, 50, noise=n, seed=1) for n in (0.0, 2.0))
for k in (2, 3):
    assert 1.8 < (noisy_[k] - clean_[k]).std() < 2.2
assert abs(np.corrcoef(*((noisy_[k] - clean_[k]).ravel() for k in (2, 3)))[0, 1]) < 0.2
wild_ = make_scenes(6, 50, outliers=0.2, seed=1)
np.testing.assert_array_equal(wild_[3][:, 10:], clean_[3][:, 10:])
assert (abs(wild_[3] - clean_[3])[:, :10].max(-1) > 1).mean() > 0.95
assert not np.array_equal(make_scenes(1, 8, seed=1)[2], make_scenes(1, 8, seed=2)[2])
assert make_scenes(1, 8, baseline=0.0)[1].tolist() == [[0, 0, 0]]

# %% angles, small and large, and the gap
np.testing.assert_allclose(angle(np.eye(3), np.eye(3)[[0, 2, 1]]), [0, 90, 90])
np.testing.assert_allclose(angle(np.array([1.0, 1e-9, 0]), np.array([2.0, 0, 0])), np.degrees(1e-9))
np.testing.assert_allclose(angle(t_true, -t_true), 180)
for size_ in (1e-7, 30, 179):
    A_ = Rotation.from_rotvec([0, np.radians(size_), 0]).as_matrix()
    np.testing.assert_allclose(degrees_between(R_true, R_true @ A_), size_, rtol=1e-6)
np.testing.assert_allclose(gap_percent(np.diag([0, -3.0, 2.0])), 50)
assert gap_percent(E_many[:7]).shape == (7,)

# %% the gap grows with the noise, and sixteen matches have far more of it than 200
for medians_ in (few, many):
    assert (np.diff(medians_) > 0).all()
    np.testing.assert_allclose(medians_[3] / medians_[2], 2, atol=0.4)
assert few[2] > 3 * many[2]
_, _, a_, b_ = make_scenes(400, 16, noise=2.0, seed=2)
wanted_ = [gap_percent(K.T @ normalised_eight_point(p, q) @ K) for p, q in zip(a_, b_, strict=True)]
np.testing.assert_allclose(median_gap(16, 2.0), np.median(wanted_), rtol=1e-6)
np.testing.assert_allclose(asker_gap, 5.883, atol=1e-3)
np.testing.assert_allclose(np.interp(needed, noises, few), asker_gap)

# %% the slider: lines of the noisy points, points that they pass, what the title says
for noise_ in (0, 3):
    axis_ = draw_lines(noise_).axes[0]
    points_ = next(line for line in axis_.lines if line.get_marker() == "o").get_xydata()
    lines_ = [line for line in axis_.lines if line.get_marker() != "o"]
    assert len(lines_) == len(points_) == 16
    apart_ = []
    for line_, (x_, y_) in zip(lines_, points_, strict=True):
        (x0_, y0_), slope_ = line_.get_xy1(), line_.get_slope()
        apart_.append(abs(y0_ + slope_ * (x_ - x0_) - y_) / np.hypot(1, slope_))
    assert np.median(apart_) < (0.5 if noise_ == 0 else 3)
    assert (np.median(apart_) > 0.5) == (noise_ == 3)
    title_ = axis_.get_title()
    off_ = float(title_.split("by ")[1].rstrip("°"))
    gap_ = float(title_.split()[1])
    assert (off_ < 0.6) == (noise_ == 0)
    assert gap_ < 30

# %% exact matches give the exact pose; the errors of the figure; OpenCV's limit of 50
errors_ = pose_errors(0.2, 0.0)
assert errors_.shape == (3, 20)
A_, *_ = equations(*make_scenes(20, 200, 0.2, seed=5)[2:])
s_ = np.linalg.svd(A_, compute_uv=False)
kappa_ = s_[:, 0] / s_[:, 7]
assert errors_[:2].max() < np.degrees(1000 * np.finfo(float).eps * kappa_.max())
assert (errors_[2] == 100).all()
assert (pose_errors(1 / 120, 0.0)[2] == 0).all()
R_, t_, a_, b_ = (v[3] for v in make_scenes(20, 200, 0.05, 0.1, seed=5))
S_, u_ = eight_point_pose(a_, b_, K, K)
errors_ = pose_errors(0.05, 0.1)
np.testing.assert_allclose(errors_[0, 3], degrees_between(S_, R_), rtol=1e-6)
np.testing.assert_allclose(errors_[1, 3], angle(u_, t_), rtol=1e-6)
assert (noisy[:, 0] < 0.1).all()
assert (np.diff(noisy[:, 1]) > 0).all()
assert noisy[0, 2] == 100
assert [len(axis.lines) for axis in (errors_axis, kept_axis)] == [2, 1]
np.testing.assert_allclose(errors_axis.lines[1].get_ydata(), noisy[:, 1])
np.testing.assert_allclose(kept_axis.lines[0].get_ydata(), noisy[:, 2])
assert (noisy[5:, 2] == 0).all()
two_ = np.diag([0.5, 0.5, 1]) @ K
second_ = b_ * 0.5
np.testing.assert_allclose(eight_point_pose(a_, second_, K, two_)[0], S_, atol=1e-8)

# %% in practice: our pair's pose from OpenCV's calls, and what the page says of them
import pytest

assert degrees_between(my_R, R_true) < 0.1
assert cv2.__version__.startswith("5.")
assert angle(my_t[:, 0], t_true) < 2
_, _, a_, b_ = (v[0] for v in make_scenes(1, 200, 1 / 120, 0.0, seed=6))
E_, mask_ = cv2.findEssentialMat(a_, b_, K, method=cv2.USAC_ACCURATE, threshold=1.0)
assert cv2.recoverPose(E_, a_, b_, K)[0] == 0
assert cv2.recoverPose(E_, a_, b_, K, 1e6)[0] == 0, "in fifth place it is taken for R"
assert cv2.recoverPose(E_, a_, b_, K, distanceThresh=1e6, mask=mask_)[0] > 150
with pytest.raises(cv2.error):
    cv2.stereoRectify(K1, None, K2, None, size, R_true, t_true)

# %% Sampson's distance: the shift of a point to its line, to first order
E_ = essential(R_true, t_true)
one_ = rays(x1[kept][:40], K1)
lines_ = one_ @ E_.T
normal_ = lines_[:, :2] / np.linalg.norm(lines_[:, :2], axis=1, keepdims=True)
foot_ = np.random.default_rng(0).uniform(-0.3, 0.3, (40, 2))
foot_ = (
    foot_ - normal_ * ((homogeneous(foot_) * lines_).sum(1) / np.hypot(*lines_[:, :2].T))[:, None]
)
np.testing.assert_allclose(sampson(E_, one_, homogeneous(foot_)), 0, atol=1e-15)
away_ = homogeneous(foot_ + 1e-6 * normal_)
line1_ = away_ @ E_
share_ = np.hypot(*lines_[:, :2].T) / np.hypot(
    np.hypot(*lines_[:, :2].T), np.hypot(*line1_[:, :2].T)
)
np.testing.assert_allclose(sampson(E_, one_, away_), 1e-6 * share_, rtol=1e-4)

# %% refining: a pose of the same kind, at the least loss, false matches or not
for R, t, a, b in zip(*make_scenes(3, 100, noise=0.5, outliers=0.2, seed=4), strict=True):
    start_ = Rotation.from_rotvec([0.005, -0.01, 0.01]).as_matrix() @ R, t / np.linalg.norm(t)
    r1_, r2_ = rays(a, K), rays(b, K)
    S_, u_ = refine_pose(*start_, r1_, r2_, 1e-3)
    np.testing.assert_allclose(S_ @ S_.T, np.eye(3), atol=1e-12)
    np.testing.assert_allclose(np.linalg.norm(u_), 1)
    assert degrees_between(S_, R) < 0.2 < degrees_between(start_[0], R)
    assert angle(u_, t) < 2
    loss_ = [
        np.arctan((sampson(essential(*p), r1_, r2_) / 1e-3) ** 2).sum()
        for p in ((S_, u_), start_, (R, t / np.linalg.norm(t)))
    ]
    assert loss_[0] < min(loss_[1:])

# %% the race: refined beats its start, from OpenCV's calls as the page says
off_ = {name: (degrees_between(R, R_true), angle(t, t_true)) for name, (R, t) in pair.items()}
for name in ("eight-point", "OpenCV, RANSAC"):
    assert off_[f"{name}, refined"][1] < off_[name][1] / 2
    assert np.median(errors[f"{name}, refined"]) < np.median(errors[name]) / 2
assert off_["OpenCV, USAC_ACCURATE"][1] < 1
assert {len(values) for values in errors.values()} == {15}
assert rectified(*pair["eight-point, refined"])[2] < straight["R, t"][2] / 2
S_, u_ = opencv_pose(cv2.LMEDS, rays(x1, K1), rays(x2, K2), 1e-3)
assert degrees_between(S_, R_true) < 0.5
clean_share = [0.7**8, 0.7**5]
assert [round(1 / share) for share in clean_share] == [17, 6]

# %% the asker's E: both spectra, and unlike angles in place of α hardly matter
from scipy.optimize import brentq

np.testing.assert_allclose(np.linalg.svd(E_asker)[1], [s1, s2, 0], atol=1e-9)
found_ = np.linalg.eigvals(E_asker)
np.testing.assert_allclose(found_[found_.imag.argmax()], eigenvalue, atol=1e-9)


def made_(middle, apart):
    angles = [middle + apart / 2, beta, middle - apart / 2]
    return np.diag([s1, s2, 0]) @ Rotation.from_euler("ZYZ", angles).as_matrix()


def missing_(middle, apart):
    return np.trace(made_(middle, apart)) - 2 * eigenvalue.real


turned_ = []
for apart_ in (0.0, 0.5, 2.0):
    E_ = made_(brentq(missing_, alpha - 0.02, alpha + 0.02, args=(apart_,)), apart_)
    values_ = np.linalg.eigvals(E_)
    assert abs(values_[values_.imag.argmax()] - eigenvalue) < 1e-3
    turned_.append(
        min(np.degrees(Rotation.from_matrix(R).magnitude()) for R, _ in decompose_essential(E_))
    )
np.testing.assert_allclose(turned_, min(turns), atol=1e-3)
assert max(turns) > 179

# %% the lens: a wrong focal length in one camera shows, in both alike hardly
assert one[0] < 1e-6
assert (np.diff(one) > 0).all()
assert max(both) < one[-1] / 3
np.testing.assert_allclose(one[1], gap_percent(K.T @ F_exact @ lenses[1]).mean(), rtol=0.5)
assert (np.array(one) <= 100 * wrong + 1e-6).all(), "a stretch by 1 + e, a gap of e at most"


# %% wrong, exercise 1: without the signs
def depths(R, t, q1, q2):
    q = q1 @ R.T
    n = np.cross(q2, q)
    square = (n**2).sum(-1)
    return abs((n * np.cross(q2, t)).sum(-1)) / square, abs((n * np.cross(q, t)).sum(-1)) / square


# %% wrong, exercise 1: the two exchanged
def depths(R, t, q1, q2):
    q = q1 @ R.T
    n = np.cross(q2, q)
    square = (n**2).sum(-1)
    return -(n * np.cross(q, t)).sum(-1) / square, -(n * np.cross(q2, t)).sum(-1) / square


# %% wrong, exercise 1: divided by |n| only
def depths(R, t, q1, q2):
    q = q1 @ R.T
    n = np.cross(q2, q)
    length = np.linalg.norm(n, axis=-1)
    return -(n * np.cross(q2, t)).sum(-1) / length, -(n * np.cross(q, t)).sum(-1) / length


# %% right, exercise 1: by least squares
def depths(R, t, q1, q2):
    both = [
        np.linalg.lstsq(np.column_stack([-R @ a, b]), t)[0] for a, b in zip(q1, q2, strict=True)
    ]
    return tuple(np.transpose(both))


# %% right, exercise 1: by OpenCV
def depths(R, t, q1, q2):
    X = cv2.triangulatePoints(np.eye(3, 4), np.c_[R, t], q1[:, :2].T.copy(), q2[:, :2].T.copy())
    X = (X[:3] / X[3]).T
    return X[:, 2], (X @ R.T + t)[:, 2]


# %% wrong, exercise 2: one, as for any scene
def solutions(x1, x2):
    return 1


# %% wrong, exercise 2: the rank
def solutions(x1, x2):
    return np.linalg.matrix_rank(equations(x1, x2)[0], rtol=1e-9)


# %% wrong, exercise 2: nine unknowns less the matches
def solutions(x1, x2):
    return max(1, 9 - len(x1))


# %% right, exercise 2: singular values counted
def solutions(x1, x2):
    A = equations(x1, x2)[0]
    s = np.linalg.svd(A.T @ A, compute_uv=False)
    return int((s < 1e-14 * s[0]).sum())


# %% wrong, exercise 3: a share of all matches
def shares(threshold):
    _, _, a, b = make_scenes(5, 200, noise=1.0, outliers=0.3, seed=10)
    masks = np.array([robust_inliers(p, q, threshold) for p, q in zip(a, b, strict=True)])
    return masks[:, 60:].mean(), masks[:, :60].mean()


# %% wrong, exercise 3: the false ones taken for the true
def shares(threshold):
    _, _, a, b = make_scenes(5, 200, noise=1.0, outliers=0.3, seed=10)
    masks = np.array([robust_inliers(p, q, threshold) for p, q in zip(a, b, strict=True)])
    return masks[:, :140].mean(), masks[:, 140:].sum() / masks.sum()


# %% right, exercise 3: counted
def shares(threshold):
    kept = np.zeros(2)
    for a, b in zip(*make_scenes(5, 200, noise=1.0, outliers=0.3, seed=10)[2:], strict=True):
        mask = robust_inliers(a, b, threshold)
        kept += mask[:60].sum(), mask[60:].sum()
    return kept[1] / 700, kept[0] / kept.sum()


# equivalent, refine: t + p[3:] @ tangents → t - p[3:] @ tangents: the search tries both senses
# equivalent, exercise-1-solution: -1 → 1: the arrays have two axes
# equivalent, yours: distanceThresh=1000000.0 → distanceThresh=2000000.0: both admit every point
